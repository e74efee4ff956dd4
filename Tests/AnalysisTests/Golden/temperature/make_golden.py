"""Golden values of straight lines, VTF curves and distributions: numpy, scipy and statsmodels on the same tables.

    python make_golden.py > arrhenius.json
"""
import json

import numpy as np
import scipy
import scipy.stats
import statsmodels.api as sm
from scipy.optimize import curve_fit

KB = 8.617333262e-5
random = np.random.default_rng(7)
temperatures = np.array([600.0, 700.0, 800.0, 900.0, 1000.0, 1200.0])
relative = np.array([0.15, 0.10, 0.08, 0.05, 0.06, 0.04])
line = 2e-3 * np.exp(-0.31 / (KB * temperatures)) * np.exp(relative * random.standard_normal(6))
curved = 4e-4 * np.exp(-0.11 / (KB * (temperatures - 250))) * np.exp(0.2 * relative * random.standard_normal(6))


def straight(values, scaled):
    x = 1 / (KB * temperatures)
    design = np.column_stack([np.ones_like(x), -x])
    fit = sm.WLS(np.log(values), design, weights=1 / relative**2).fit(cov_type="nonrobust" if scaled else "fixed scale")
    other, covariance = curve_fit(
        lambda x, a, e: a - e * x, x, np.log(values), p0=[0, 0.3], sigma=relative, absolute_sigma=not scaled)
    # Two programs that must agree before a third is held against them.
    assert np.allclose(fit.params, other, rtol=1e-6) and np.allclose(fit.bse, np.sqrt(np.diag(covariance)), rtol=1e-5)
    chi2 = float(np.sum((fit.resid / relative) ** 2))
    row = np.array([1, -1 / (KB * 300)])
    width = scipy.stats.t.ppf(0.975, 4) if scaled else scipy.stats.norm.ppf(0.975)
    centre, error = row @ fit.params, np.sqrt(row @ fit.cov_params() @ row)
    return {
        "ln_prefactor": fit.params[0], "energy": fit.params[1], "errors": list(fit.bse), "chi_squared": chi2,
        "correlation": fit.cov_params()[0, 1] / fit.bse[0] / fit.bse[1], "p_value": float(scipy.stats.chi2.sf(chi2, 4)),
        "interval300": [float(np.exp(centre - width * error)), float(np.exp(centre + width * error))],
        "interval": [fit.params[1] - width * fit.bse[1], fit.params[1] + width * fit.bse[1]],
    }


def vogel(values):
    parameters, covariance = curve_fit(
        lambda t, a, b, t0: a - b / (KB * (t - t0)), temperatures, np.log(values), p0=[-8, 0.1, 200], sigma=relative,
        absolute_sigma=True, xtol=1e-14, ftol=1e-14)
    residuals = np.log(values) - (parameters[0] - parameters[1] / (KB * (temperatures - parameters[2])))
    return {
        "parameters": list(parameters), "errors": list(np.sqrt(np.diag(covariance))), "chi_squared": float(np.sum((residuals / relative) ** 2))}


print(json.dumps({
    "versions": {"numpy": np.__version__, "scipy": scipy.__version__, "statsmodels": sm.__version__ if hasattr(sm, "__version__") else ""},
    "temperatures": list(temperatures), "relative_errors": list(relative), "line": list(line), "curved": list(curved),
    "given": straight(line, False), "scaled": straight(line, True), "vtf": vogel(curved),
    "fisher": [[f, a, b, float(scipy.stats.f.sf(f, a, b))] for f, a, b in [(0.5, 2, 7.5), (1, 4, 4), (3.7, 3, 12.25), (40, 1, 30)]],
}, indent=1))
