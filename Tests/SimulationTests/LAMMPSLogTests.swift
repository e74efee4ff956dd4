import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Simulation

@Suite("The log of LAMMPS")
struct LAMMPSLogTests {
  static let text = """
    LAMMPS (29 Sep 2021 - Update 2)
      using 1 OpenMP thread(s) per MPI task
    print "vitrolyte: stage 1 begins"
    vitrolyte: stage 1 begins
    WARNING: 3 of 10000 force values
       Step          PotEng      v_potential    v_largest_force
           0     -1682.5    -1908.25     91.8
          10     -1700.5    -1926.25     0.4
    Loop time of 2.2 on 2 procs for 10 steps with 303 atoms
    Dangerous builds = 2
    vitrolyte: stage 1 ends
    vitrolyte: stage 2 begins
    Step Temp PotEng v_potential KinEng v_conserved Press Lx Ly Lz Xy Xz Yz v_energy_pair
    0 300 1 2 3 4 50000 10 11 12 1 2 -3 5e-1
    Per MPI rank memory 1 2 3 4 5 6 7 8 9 10
    7 300 1 2 3 4 50000 10 11 12 1 2 -3 nan
    Loop time of 1 on 1 procs for 0 steps with 1 atoms
    0 300 1 2 3 4 50000 10 11 12 1 2 -3 5e-1
    vitrolyte: stage 2 ends

    """

  static let events: [LAMMPSLog.Event] = [
    .version("29 Sep 2021 - Update 2"), .stageBegan(0), .minimizationRow(step: 0, energy: -1908.25, largestForce: 91.8),
    .minimizationRow(step: 10, energy: -1926.25, largestForce: 0.4), .dangerousBuilds(2), .stageEnded(0), .stageBegan(1),
    .row(
      LAMMPSLog.Row(
        step: 0, potentialEnergy: 2, kineticEnergy: 3, conservedEnergy: 4, pressure: 5,
        vectors: Matrix3(Vector3(10, 0, 0), Vector3(1, 11, 0), Vector3(2, -3, 12)), terms: [0.5])),
  ]

  @Test("what it says is the same however the bytes come", arguments: [1, 7, 100_000])
  func pieces(_ size: Int) {
    var log = LAMMPSLog(termCount: 1)
    var events: [LAMMPSLog.Event] = []
    var rest = Array(Self.text.utf8)[...]
    while !rest.isEmpty {
      events += log.read(rest.prefix(size))
      rest = rest.dropFirst(size)
    }
    // The row that is not a number is kept, so that it is seen.
    #expect(events.count == Self.events.count + 2)
    #expect(Array(events.prefix(Self.events.count)) == Self.events)
    #expect(events.last == .stageEnded(1))
    if case .row(let row) = events[Self.events.count] { #expect(row.step == 7 && row.terms[0].isNaN) } else { Issue.record("no row") }
  }
}
