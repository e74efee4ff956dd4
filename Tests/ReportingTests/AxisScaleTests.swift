import NumericalMethods
import Structures
import Testing

@testable import Reporting

@Suite struct AxisScaleTests {
  @Test func rangesHoldTheDataAndTicksLieInside() {
    var random = RandomStream(seed: 5)
    for trial in 0..<500 {
      let isLogarithmic = trial.isMultiple(of: 2)
      let size = [1e-9, 1e-3, 1, 1e4, 1e8][trial % 5]
      let values = (0..<20).map { _ in isLogarithmic ? size * (1e-4 + random.uniform()) : size * random.normal() }
      let margins: [AxisScale.Margin] = [.none, .padded(0.04), .rounded]
      let scale = AxisScale(.init(label: "", isLogarithmic: isLogarithmic), values: values + [.nan, .infinity], margin: margins[trial % 3])
      // Rounding of the ends to ticks may cost the last bits.
      let slack = 1e-9 * (scale.upper - scale.lower)
      #expect(values.allSatisfy { $0 >= scale.lower - slack && $0 <= scale.upper + slack })
      #expect(values.compactMap(scale.fraction).count == values.count)
      #expect(scale.labelWidth >= 1 && scale.labelWidth < 12)
      switch scale.ticks {
      case .even(let step, let minorIntervals, _):
        // Five are aimed at; steps of 1, 2 and 5 then give from 2 to 11.
        #expect((2...11).contains((scale.upper - scale.lower) / step) && minorIntervals >= 1)
      case .listed(let ticks):
        #expect(ticks.filter(\.isMajor).count >= 2)
        #expect(
          ticks.allSatisfy {
            scale.contains($0.position) || abs(($0.position - scale.upper) / scale.upper) < 1e-6
              || abs($0.position - scale.lower) < 1e-6 * abs(scale.upper)
          })
      }
    }
  }

  @Test func extremeNumbersHaveAnAxisToo() {
    let odd: [Double] = [
      0, -0.0, 0x1p-1060, 1e-200, 1, 1.0.nextUp, 1e99, 1e101, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .infinity, .nan, -1e99,
    ]
    for first in odd {
      for second in odd {
        for isLogarithmic in [false, true] {
          let scale = AxisScale(.init(label: "", isLogarithmic: isLogarithmic), values: [first, second], margin: .rounded)
          #expect(scale.lower < scale.upper && (scale.upper - scale.lower).isFinite)
        }
      }
    }
  }

  @Test func labelsOfSmallAndLargeNumbersShareAFactor() {
    let small = AxisScale(.init(label: "D"), values: [0, 3.2e-7], margin: .rounded)
    #expect(small.exponent == -9)
    let energy = AxisScale(.init(label: "E"), values: [-2.6e5, -2.4e5], margin: .rounded)
    #expect(energy.exponent == 3)
    #expect(GnuplotScript.label(.init(label: "E", unit: "eV"), exponent: 3).plain == "E (10³ eV)")
    #expect(AxisScale(.init(label: "T"), values: [300, 3000], margin: .rounded).exponent == 0)
  }

  @Test func decadesAndTheirParts() throws {
    func labels(_ range: ClosedRange<Double>) -> [String] {
      let scale = AxisScale(.init(label: "t", isLogarithmic: true, range: range), values: [], margin: .none)
      guard case .listed(let ticks) = scale.ticks else { return [] }
      return ticks.filter(\.isMajor).map(\.label)
    }
    #expect(labels(0.01...100) == ["0.01", "0.1", "1", "10", "100"])
    #expect(labels(1...10) == ["1", "2", "5", "10"])
    #expect(labels(1e-8...1e-5) == ["10^{-8}", "10^{-7}", "10^{-6}", "10^{-5}"])
    #expect(labels(2...4) == ["2", "3", "4"])
    #expect(labels(2.1...2.9) == ["2.2", "2.4", "2.6", "2.8"])
  }

  @Test func dataNearZeroRestOnIt() {
    #expect(AxisScale(.init(label: "g"), values: [0.1, 10], margin: .rounded).lower == 0)
    #expect(AxisScale(.init(label: "density"), values: [2.3, 2.4], margin: .rounded).lower > 2)
    let constant = AxisScale(.init(label: "T"), values: [300, 300], margin: .rounded)
    #expect(constant.lower < 300 && constant.upper > 300)
  }

  @Test func theKeyHidesNoData() throws {
    // A curve along the diagonal leaves the upper left and the lower right corner.
    let diagonal = [[(x: 0.0, y: 0.0), (x: 1.0, y: 1.0)]]
    #expect(KeyPlacement.free(size: (0.3, 0.2), curves: diagonal) == .inside("bottom right"))
    let across = diagonal + [[(x: 0.6, y: 0.1), (x: 1.0, y: 0.1)]]
    #expect(KeyPlacement.free(size: (0.3, 0.2), curves: across) == .inside("top left"))
    let cross = [[(x: 0.0, y: 0.0), (x: 1.0, y: 1.0)], [(x: 0.0, y: 1.0), (x: 1.0, y: 0.0)]]
    #expect(KeyPlacement.free(size: (0.3, 0.2), curves: cross) == .inside("top center"))
    let full = (0..<20).map { [(x: 0.0, y: Double($0) / 20), (x: 1.0, y: Double($0) / 20)] }
    #expect(KeyPlacement.free(size: (0.3, 0.2), curves: full) == nil)
  }
}
