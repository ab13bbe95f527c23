"""Why a risk model scores a customer as it does; takes a RiskModel, knows no network."""
