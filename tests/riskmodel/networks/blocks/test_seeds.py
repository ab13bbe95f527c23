from riskmodel.networks.blocks.seeds import Seeds


def test_same_seed_same_stream_without_repeats() -> None:
    first, again = Seeds(7), Seeds(7)
    stream = [first.next() for _ in range(100)]
    assert stream == [again.next() for _ in range(100)]
    assert len(set(stream)) == 100
    assert all(0 <= seed < 2**31 for seed in stream)
    assert Seeds(8).next() not in stream
