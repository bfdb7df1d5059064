"""statistics: means, medians, modes, spread, messages."""

import statistics as st

print(st.mean([1, 2, 3, 4]), st.mean([1.5, 2.5]), st.median([3, 1, 2]), st.median([1, 2, 3, 4]), st.median_low([1, 2, 3, 4]), st.median_high([1, 2, 3, 4]), st.mode("aabbb"), st.multimode([1, 1, 2, 2]))
print(st.stdev([1, 2, 3, 4]), st.pstdev([1, 2, 3, 4]), st.variance([1, 2, 3, 4]), st.pvariance([1, 2, 3]), st.fmean([1, 2]), st.geometric_mean([1, 2, 4]), st.harmonic_mean([40, 60]), st.quantiles([1, 2, 3, 4, 5], n=4))
for call, text in [
    (lambda: st.mean([]), "mean requires at least one data point"),
    (lambda: st.median([]), "no median for empty data"),
    (lambda: st.stdev([1]), "stdev requires at least two data points"),
    (lambda: st.mode([]), "no mode for empty data"),
]:
    try:
        call()
    except st.StatisticsError as error:
        assert str(error) == text and isinstance(error, ValueError)
    else:
        raise AssertionError("no exception")
