import Foundation
import NumericalMethods
import Structures
import Testing

extension Tag {
  /// Scientific checks that take long: run with VITROLYTE_SLOW_TESTS=1.
  @Tag static var slow: Self
}

let slowTests = ProcessInfo.processInfo.environment["VITROLYTE_SLOW_TESTS"] == "1"

/// A species by symbol.
func species(_ symbol: String) throws -> Species {
  Species(try #require(Element(symbol: symbol)))
}

/// Atoms of the given types at random places.
func randomConfiguration(_ cell: Cell, types: [Int32], species symbols: [String], seed: UInt64) throws -> Configuration {
  var random = RandomStream(seed: seed)
  let positions = types.map { _ in
    cell.cartesian(Vector3(random.uniform(), random.uniform(), random.uniform()))
  }
  return try Configuration(cell: cell, species: symbols.map(species), types: types, positions: positions)
}

/// A lattice of unit cells repeated along its edges.
func crystal(_ edge: Double, basis: [(String, Vector3)], repeats: Int) throws -> Configuration {
  let cell = try Cell(lengths: Vector3(repeating: edge))
  var labels: [String] = []
  for (symbol, _) in basis where !labels.contains(symbol) { labels.append(symbol) }
  let unit = try Configuration(
    cell: cell, species: labels.map(species), types: basis.map { Int32(labels.firstIndex(of: $0.0) ?? 0) },
    positions: basis.map { $0.1 * edge })
  return try unit.replicated((repeats, repeats, repeats))
}

/// A cell that is far from right-angled: its edges make 32° and 134°.
func skewedCell(periodic: Periodicity = Periodicity(repeating: true)) throws -> Cell {
  try Cell(
    vectors: Matrix3(Vector3(11.3, 0.4, -0.2), Vector3(9.1, 7.9, 0.3), Vector3(-8.3, 3.7, 9.7)), origin: Vector3(-3, 5, 0.7),
    periodic: periodic)
}
