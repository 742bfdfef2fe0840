def patients(names):
    return {name.split("_")[0] for name in names}


def test_no_patient_is_on_both_sides():
    assert not patients(["p1_a", "p2_a"]) & patients(["p3_a"])
