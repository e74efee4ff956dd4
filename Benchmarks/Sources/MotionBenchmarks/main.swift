/// Times mean-squared displacements over all time origins, from frames in memory to the result.
///
///     MotionBenchmarks POSITIONS ATOMS EDGE [THREADS]
///
/// POSITIONS holds the unwrapped positions of all atoms in Å, frame after frame, as 64-bit numbers; EDGE is that of the cubic cell. Prints the time in
/// seconds and the curve, one value a lag, so that a script can compare both.
import Analysis
import Foundation
import NumericalMethods
import Structures

let arguments = CommandLine.arguments
guard arguments.count > 3, let atoms = Int(arguments[2]), let edge = Double(arguments[3]), let lithium = Element(symbol: "Li"),
  let data = FileManager.default.contents(atPath: arguments[1])
else {
  print("usage: MotionBenchmarks POSITIONS ATOMS EDGE [THREADS]")
  exit(2)
}
let threads = arguments.count > 4 ? Int(arguments[4]) ?? 1 : 1
let values = data.withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }
let cell = try Cell(lengths: Vector3(repeating: edge))
let frames = try (0..<values.count / (3 * atoms)).map { number in
  var frame = Frame(
    try Configuration(
      cell: cell, species: [Species(lithium)], types: [Int32](repeating: 0, count: atoms),
      positions: (0..<atoms).map { atom in
        let i = 3 * (number * atoms + atom)
        return Vector3(values[i], values[i + 1], values[i + 2])
      }))
  frame.isUnwrapped = true
  return frame
}
let pool = WorkerPool(threads: threads)
var curve: [Double] = []
let elapsed = try ContinuousClock().measure { curve = try MeanSquaredDisplacement().analyze(frames, pool: pool).all.values }
print(Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18)
print(curve.map { String($0) }.joined(separator: " "))
