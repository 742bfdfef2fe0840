import unittest

from meter_check.score import is_suspect, robust_z, spread


class SpreadTest(unittest.TestCase):
    def test_a_constant_meter_has_a_spread_of_one_litre(self):
        self.assertEqual(spread([5.0] * 20), 1.0)

    def test_one_outlier_does_not_widen_the_spread(self):
        self.assertAlmostEqual(spread([1, 2, 3, 4, 5, 6, 7, 8, 9, 900]), 3.7065, places=3)


class RobustZTest(unittest.TestCase):
    def test_the_usual_reading_scores_zero(self):
        self.assertEqual(robust_z(10, [10] * 14), 0)

    def test_too_little_history_is_refused(self):
        with self.assertRaises(ValueError):
            robust_z(10, [10] * 13)


class SuspicionTest(unittest.TestCase):
    def test_three_odd_hours_in_a_row_are_suspect(self):
        self.assertTrue(is_suspect([0, 7, 8, 9]))

    def test_odd_hours_in_both_directions_are_noise(self):
        self.assertFalse(is_suspect([7, -7, 7, -7]))
