import NumericalMethods

extension IntermediateScatteringResult.Curves {
  /// - Parameters:
  ///   - atoms: Of each block.
  ///   - sums: For each block and wave number one value a lag, added up over its atoms.
  ///   - resolution: In rad/ps.
  init(
    label: String, atoms: [Int], sums: [[[Double]]], wavenumbers: [Double], interval: Double, fitFrom: Double, resolution: Double
  ) {
    self.label = label
    self.atoms = atoms.reduce(0, +)
    let lags = sums.first?.first?.count ?? 0
    let shown = LagSpacing.logarithmic(upTo: max(1, lags - 1), perDecade: 20)
    let number = Double(self.atoms)
    curves = wavenumbers.indices.map { index in
      let parts = sums.map { $0[index] }
      let total = Jackknife.sum(parts)
      let values = total.map { $0 / number }
      func fit(_ f: (Int) -> Double) -> StretchedExponential? {
        let taken = shown.filter { Double($0) * interval >= fitFrom * (1 - 1e-9) }
        guard let first = taken.first, f(first) >= IntermediateScatteringResult.leastAtFit else { return nil }
        return StretchedExponential(t: taken.map { Double($0) * interval }, f: taken.map(f))
      }
      let relaxation = fit { values[$0] }
      let begin = shown.first { Double($0) * interval >= fitFrom * (1 - 1e-9) }
      var errors: [Double] = []
      if relaxation != nil, parts.count > 1 {
        let others = parts.indices.compactMap { block in
          fit { (total[$0] - parts[block][$0]) / (number - Double(atoms[block])) }
        }
        if others.count == parts.count {
          errors = Jackknife.standardError(of: others.map { [$0.amplitude, $0.time, $0.exponent, 1 / $0.meanTime] })
        }
      }
      let spectrum = EnergySpectrum(values, interval: interval, resolution: resolution)
      let error = BlockAverage.standardError(of: zip(parts, atoms).map { part, atoms in part.map { $0 / Double(atoms) } })
      return IntermediateScatteringResult.Curve(
        wavenumber: wavenumbers[index], values: values, error: error, valueAtFit: begin.map { values[$0] }, relaxation: relaxation,
        relaxationErrors: errors, spectrum: spectrum)
    }
    let rates = curves.compactMap { curve in curve.relaxation.map { (curve.wavenumber, 1 / $0.meanTime) } }
    let model = ChudleyElliott(q: rates.map(\.0), rates: rates.map(\.1))
    hopping = model
    withoutHopping =
      model == nil ? ChudleyElliott.reasonWithout(rates: rates.map(\.1)) ?? "no jump between 0.5 and 10 Å fits the rates best" : nil
  }
}
