"""Polarity of names and values, in five languages."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodel.tables.target import polarity_words as words
from riskmodel.tables.target.polarity import find_meaning, find_polarity
from riskmodel.tables.target.target_proposal import propose_outcomes
from riskmodel.tables.values.outcomes import outcome_key

# Names from public data sets and files of banks, collected independently of the word lists.
BAD_NAMES = [
    *("SeriousDlqin2yrs", "default.payment.next.month", "BAD", "not.fully.paid", "TARGET_BAD", "isDefault", "is_bad"),
    *("charged_off", "chargeOff_flag", "ChargedOff", "loan_default", "LoanDefault", "bad_flag", "Churn"),
    *("churn_flag", "Attrition_Flag", "fraud", "isFraud", "delinquent_90", "ever_90dpd", "dpd30", "in_arrears"),
    *("Exited", "chargeback", "on_blacklist", "incobrable", "retard_paiement", "in_default_flag", "delinq_2yrs"),
    *("bankrupt?", "Bankruptcy", "unpaid", "not_repaid", "wasNotPaid", "late_payment", "missed_repayment", "high_risk"),
    *("past_due", "overdue_flag", "non_performing", "nonPerforming", "not_approved", "loan_rejected", "write_off"),
    *("Ausfall", "ausgefallen", "Kreditausfall", "Zahlungsausfall_Kennzeichen", "zahlungsverzug", "säumig"),
    *("nicht_bezahlt", "nicht zurückgezahlt", "unbezahlt", "kreditunwürdig", "ueberfaellig", "Kunde_insolvent"),
    *("défaut", "defaut_paiement", "en_defaut", "impayé", "impayes", "mauvais_payeur", "non_remboursé", "non_paye"),
    *("client_douteux", "retard", "faillite", "insolvable"),
    *("impago", "moroso", "cliente_moroso", "en_mora", "incumplimiento", "no_pagado", "mal_pagador", "vencido"),
    *("违约", "是否违约", "逾期", "是否逾期", "不良", "坏客户", "未还款", "未结清", "客户流失", "欺诈标志", "違約"),
]  # fmt: skip
GOOD_NAMES = [
    *("no_default", "not_default", "non_default", "noDefault", "NoDefault", "nodefault", "NON-DEFAULT"),
    *("repaid", "Paid_back", "paid_back", "PaidBack", "loan_paid", "FullyPaid", "paid_in_full", "paidoff"),
    *("Approved", "loan_approved", "isApproved", "Accepted", "good_customer", "GoodCustomer", "is_good", "good_loan"),
    *("creditworthy", "credit_worthy", "not_bad", "no_churn", "not_delinquent", "no_fraud", "performing", "retained"),
    *("loan_repaid", "settled", "legit", "genuine_customer", "trustworthy", "renewed", "cliente_fiel"),
    *("default_free", "without_default", "low_risk", "paid_on_time"),
    *("kein_ausfall", "keinAusfall", "nicht_ausgefallen", "ohne Ausfall", "ausfallfrei", "kreditwuerdig"),
    *("kreditwürdig", "Kreditwürdigkeit", "zurückgezahlt", "zurueckgezahlt", "bezahlt", "guter_Kunde", "bewilligt"),
    *("bon_payeur", "bonPayeur", "remboursé", "payé", "solvable", "sans_defaut", "non_defaut", "accordé"),
    *("buen_pagador", "pagado", "devuelto", "solvente", "sin_impago", "no_moroso", "aprobado", "al_dia"),
    *("未违约", "无违约", "没有逾期", "未逾期", "已还款", "是否还款", "结清", "好客户", "是否通过", "履约"),
]  # fmt: skip
NEUTRAL_NAMES = [
    *("translated", "calculated_ok", "badge_ok", "isLossless", "template", "plate_no", "relationship"),
    *("glossary", "goodness_of_fit", "baden", "debt", "class", "target", "y", "label", "outcome", "TARGET", "A16"),
    *("good_bad_flag", "status", "credit_risk", "Loan_Status", "customer_no", "badminton", "lateral", "客户号"),
    *("", "x1", "income", "prepayment_count", "Badezimmer", "Malaysia", "morado", "bonus", "gutter", "paidiatrics"),
]  # fmt: skip
CANCELED_NAMES = [
    *("default_avoided", "loss_recovered", "delinquency_cleared", "arrears_cleared", "fraud_cleared"),
    *("chargeoff_reversed", "late_fee_waived", "zero_default", "free_of_default", "default_no", "default_0"),
    *("fraudPrevented", "ChargeoffReversed", "Bankruptcy Discharged", "past_due_resolved"),
    *("default_none", "overdue_flag_0", "defaultcleared"),
    *("libre_de_mora", "mora_0", "mora_evitada", "impago_recuperado", "atraso_regularizado", "morosidad_cero"),
    *("hors_défaut", "défaut_évité", "impayé_régularisé", "retard_résolu", "zéro_défaut", "impayé_recouvré"),
    *("frei_von_ausfall", "Ausfall_verhindert", "Verzug_behoben", "Rückstand ausgeglichen", "Mahnung_erledigt"),
    *("逾期已清", "零逾期", "逾期0", "欺诈已解除", "违约_no", "避免违约"),
]  # fmt: skip
WEAK_NAMES = [
    *("suspected_fraud", "potential_default", "almost_default", "default_by_insurer", "repayment_problem"),
    *("low_default_risk", "fraud_negative", "payment_plan_repaid", "approved_reversed", "approvalPending"),
    *("teilweise_bezahlt", "noch_nicht_bezahlt", "Betrug_Verdacht", "geringer_ausfall", "bewilligt_storniert"),
    *("paye_partiellement", "fraude_presumee_possible", "pas_encore_rembourse", "faible_defaut", "approuve_annule"),
    *("pagado_parcialmente", "posible_impago", "pendiente_de_pago", "sospecha_fraude", "bajo_impago"),
    *("部分还款", "疑似欺诈", "待批准", "可能违约", "尚未还款"),
]  # fmt: skip
STILL_BAD_NAMES = [
    *("default_0_1", "num_of_defaults", "default_xyz_12m", "no_of_defaults", "cust_default_ind", "已逾期"),
]  # fmt: skip
YES_AND_NO = [
    *(("yes", "no"), ("Yes", "No"), ("Y", "N"), ("true", "false"), ("TRUE", "FALSE"), ("t", "f"), ("1", "0")),
    *(("1.0", "0.0"), ("ja", "nein"), ("J", "N"), ("oui", "non"), ("sí", "no"), ("si", "no"), ("是", "否")),
    *(("1", "-1"), ("有", "无")),
]  # fmt: skip


@pytest.mark.parametrize("name", BAD_NAMES)
def test_names_with_bad_polarity(name: str) -> None:
    assert find_polarity(name) == "bad"


@pytest.mark.parametrize("name", GOOD_NAMES)
def test_names_with_good_polarity(name: str) -> None:
    assert find_polarity(name) == "good"


@pytest.mark.parametrize("name", CANCELED_NAMES)
def test_a_bad_word_with_a_canceling_word_is_never_certain(name: str) -> None:
    assert find_polarity(name) != "bad"
    assert propose_outcomes(name, {"0": 515, "1": 85}).doubts


@pytest.mark.parametrize("name", WEAK_NAMES)
@pytest.mark.parametrize("share", [10, 90])
def test_a_partial_pending_or_suspected_outcome_is_never_certain(name: str, share: int) -> None:
    assert find_polarity(name) is None
    assert propose_outcomes(name, {"1": share, "0": 100 - share}).doubts


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_outcome_and_any_weakening_word_are_uncertain(data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(sorted(words.BAD_WORDS | words.GOOD_WORDS)))
    weak = data.draw(st.sampled_from(sorted(words.WEAKENING_WORDS)))
    parts = data.draw(st.permutations([word, weak, *data.draw(st.sampled_from([[], ["loan"], ["flag"]]))]))
    assert find_polarity("_".join(parts)) is None
    assert find_meaning(" ".join(parts)) == ("open" if weak in words.PENDING_WORDS else None)


@pytest.mark.parametrize("name", STILL_BAD_NAMES)
def test_words_that_cancel_nothing_leave_a_bad_word_certain(name: str) -> None:
    assert find_polarity(name) == "bad"


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_bad_word_and_any_canceling_word_are_uncertain_or_good(data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(sorted(words.BAD_WORDS)))
    canceling = data.draw(st.sampled_from(sorted(words.CANCELING_WORDS | words.NEGATIONS | set(words.CANCELING_STEMS))))
    between = data.draw(st.sampled_from([[], ["de"], ["flag"], ["of", "12m"]]))
    parts = data.draw(st.sampled_from([[word, *between, canceling], [canceling, *between, word]]))
    assert find_polarity("_".join(parts)) != "bad" or parts[:2] == ["no", "of"], parts


@pytest.mark.parametrize("name", NEUTRAL_NAMES)
def test_names_without_a_clear_polarity(name: str) -> None:
    assert find_polarity(name) is None


@pytest.mark.parametrize(
    ("meaning", "values"),
    [
        ("bad", ["Default", "CHGOFF", "Charged Off", "Chargedoff", "Late (31-120 days)"]),
        ("bad", ["Does not meet the credit policy. Status:Charged Off", "Not paid", "rejected", "säumig", "impayé"]),
        ("bad", ["Bad debt", "moroso", "Past Due (>120 days)", "bad", "违约", "逾期", "坏", "1 - default", "Churned"]),
        ("good", ["Fully Paid", "P I F", "PIF", "Paid", "good", "OK", "Completed", "non-default", "No default"]),
        ("good", ["Does not meet the credit policy. Status:Fully Paid", "bezahlt", "pagado", "结清", "好"]),
        ("performing", ["Current", "active", "正常", "en cours", "laufend"]),
        ("open", ["Issued", "In Grace Period", "Late (16-30 days)", "FinalPaymentInProgress"]),
        ("open", ["Cancelled", "pending", "unknown", "未知", "Pending approval", "待审批通过"]),
        ("open", ["en attente de paiement", "Pendiente de pago", "awaiting repayment", "Genehmigung ausstehend"]),
        (None, ["Partially paid", "Settled for less", "Approved (cancelled)", "Not yet paid", "low default risk"]),
        (None, ["teilweise bezahlt", "payé en partie", "pago parcial", "部分还款", "Possible fraud"]),
        ("yes", [yes for yes, _ in YES_AND_NO]),
        ("no", [no for _, no in YES_AND_NO]),
        (None, ["+", "-", "A", "2", "Sussex", "translated", "", "Closed", "good and bad"]),
    ],
)  # fmt: skip
def test_values_with_a_meaning_of_their_own(meaning: str | None, values: list[str]) -> None:
    assert {value: find_meaning(value) for value in values} == dict.fromkeys(values, meaning)


def test_no_word_is_both_bad_and_good() -> None:
    assert not words.BAD_WORDS & words.GOOD_WORDS
    assert not words.CHINESE_BAD & words.CHINESE_GOOD
    assert not words.YES & words.NO


LATIN_NEGATIONS = ["no", "not", "non", "never", "kein", "nicht", "ohne", "sans", "sin"]
WRITTEN = {
    "snake": lambda parts: "_".join(parts),
    "camel": lambda parts: parts[0] + "".join(part.capitalize() for part in parts[1:]),
    "upper": lambda parts: "_".join(parts).upper(),
    "spaces": lambda parts: " ".join(parts),
    "dots": lambda parts: ".".join(parts),
}


@st.composite
def named_targets(draw: st.DrawFn) -> tuple[str, bool]:
    """A name built from the word lists, and whether yes means bad for it."""
    is_bad = draw(st.booleans())
    if draw(st.integers(0, 4)) == 0:
        word = draw(st.sampled_from(sorted(words.CHINESE_BAD if is_bad else words.CHINESE_GOOD)))
        negation = draw(st.sampled_from(["", "", "未", "没有", "无"]))
        return draw(st.sampled_from(["", "客户", "是否"])) + negation + word, is_bad != bool(negation)
    word = draw(st.sampled_from(sorted(words.BAD_WORDS if is_bad else words.GOOD_WORDS)))
    negation = draw(st.sampled_from([None, None, *LATIN_NEGATIONS]))
    before, after = (
        draw(st.sampled_from([None, "loan", "is", "client"])),
        draw(st.sampled_from([None, "flag", "12m"])),
    )
    parts = [part for part in (before, negation, word, after) if part]
    return draw(st.sampled_from(sorted(WRITTEN.items())))[1](parts), is_bad != bool(negation)


@settings(max_examples=300, deadline=None)
@given(named_targets(), st.sampled_from(YES_AND_NO), st.integers(1, 99))
def test_yes_and_no_are_read_by_the_name_in_any_language(
    named: tuple[str, bool], pair: tuple[str, str], share: int
) -> None:
    name, yes_is_bad = named
    yes, no = pair
    proposal = propose_outcomes(name, {yes: share, no: 100 - share})
    assert proposal.bad == ((yes if yes_is_bad else no),), (name, pair)
    num_bad = share if yes_is_bad else 100 - share
    assert bool(proposal.doubts) == (not yes_is_bad or num_bad > 50)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([*BAD_NAMES, *GOOD_NAMES]), st.sampled_from(YES_AND_NO), st.integers(1, 99))
def test_yes_and_no_are_read_by_names_that_are_in_no_word_list(name: str, pair: tuple[str, str], share: int) -> None:
    yes, no = pair
    proposal = propose_outcomes(name, {yes: share, no: 100 - share})
    assert proposal.bad == ((yes if name in BAD_NAMES else no),)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(NEUTRAL_NAMES), st.sampled_from(YES_AND_NO), st.integers(1, 99))
def test_without_a_meaning_the_rarer_value_is_proposed_with_a_doubt(
    name: str, pair: tuple[str, str], share: int
) -> None:
    proposal = propose_outcomes(name, {pair[0]: share, pair[1]: 100 - share})
    if share != 50 and "status" not in name.lower():
        assert proposal.bad == (pair[0] if share < 50 else pair[1],)
    assert proposal.doubts


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30))
def test_any_text_has_a_key_and_a_meaning(text: str) -> None:
    assert find_polarity(text) in ("bad", "good", None)
    assert find_meaning(f" {text.upper()} ") == find_meaning(text.upper())
    assert outcome_key(outcome_key(text)) == outcome_key(text)


BAD_AND_GOOD = [("Bad", "Good"), ("Ausfall", "Gut"), ("impayé", "payé"), ("moroso", "pagado"), ("违约", "好")]
REJECTED = [
    "Reject",
    "REJECTED",
    "Declined",
    "application denied",
    "Abgelehnt",
    "Refusé",
    "Rechazado",
    "Denegada",
    "拒绝",
]


@pytest.mark.parametrize("rejected", REJECTED)
@pytest.mark.parametrize(("bad", "good"), BAD_AND_GOOD)
def test_a_rejected_application_is_undetermined_if_other_values_are_bad(bad: str, good: str, rejected: str) -> None:
    result = propose_outcomes("outcome", {good: 700, bad: 200, rejected: 100})
    assert (result.bad, result.good, result.undetermined, result.unknown) == ((bad,), (good,), (rejected,), ())
    [doubt] = result.doubts
    assert doubt.startswith(f"{rejected!r} usually means that the application was turned down")


def test_a_rejection_is_bad_for_a_decision_target_and_doubtful_next_to_good_alone() -> None:
    decision = propose_outcomes("status", {"Approved": 700, "Rejected": 300})
    assert (decision.bad, decision.doubts) == (("Rejected",), ())
    alone = propose_outcomes("outcome", {"Good": 700, "Reject": 300})
    assert alone.bad == ("Reject",) and "it is proposed as bad" in alone.doubts[0]
    payments = propose_outcomes("outcome", {"Good": 700, "Bad": 200, "Payment rejected": 100})
    assert payments.bad == ("Bad", "Payment rejected")
