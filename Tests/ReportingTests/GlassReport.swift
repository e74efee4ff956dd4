import Reporting
import Structures

/// The report of a whole run, with made-up numbers.
extension GlassExample {
  static func report(with renderer: FigureRenderer) throws -> ReportContent {
    func drawn(_ figure: FigureDescription) throws -> ReportContent.Figure {
      try ReportContent.Figure(drawing: figure, with: renderer, formats: [.svg, .pdf, .png])
    }
    let picture = try ReportContent.Figure(Snapshot(packing(), bonds: .covalent))
    return try ReportContent(
      title: "40Li_{2}O-30B_{2}O_{3}-30P_{2}O_{5} glass",
      subtitle: "Melt-quench simulation, 21 November 2026, run folder runs/libp-7",
      summary: [
        .init(label: "Composition", value: "Li_{216}B_{162}P_{162}O_{960}"), .init(label: "Atoms", value: "1500"),
        .init(label: "Density at 300 K", value: "2.344 ± 0.002 g/cm^{3}"), .init(label: "Melt", value: "3000 K for 20 ps"),
        .init(label: "Quench", value: "10 K/ps to 300 K"), .init(label: "Four-fold boron", value: "47.1 ± 1.2 %"),
        .init(label: "Potential", value: "libp-du (Du and Cormack, Teter)"),
      ], picture: picture,
      warnings: [
        "The mean squared displacement of Li grows as t^{0.62} between 2 and 20 ps: not diffusive. Its slope is no diffusion coefficient; "
          + "hold the glass for longer or at a higher temperature.",
        "The potential was fitted for 20–45 % Li_{2}O; 40 % lies near its upper end & <should be checked>.",
      ],
      sections: [
        .init(
          title: "What was run",
          paragraphs: [
            "1500 atoms were packed at random at 2.31 g/cm^3 with the composition asked for (true composition after rounding: 40.0 : 30.0 : 30.0 mol %), "
              + "melted, quenched, brought to zero pressure and held."
          ],
          tables: [
            .init(
              DataTable(
                name: "stages", title: "Stages of the recipe",
                columns: [
                  .init(name: "Stage", values: .text(["minimize", "nvt", "nvt", "npt", "nvt"])),
                  .init(name: "Duration", unit: "ps", values: .numbers([.nan, 20, 270, 20, 20])),
                  .init(name: "From", unit: "K", values: .numbers([.nan, 3000, 3000, 300, 300])),
                  .init(name: "To", unit: "K", values: .numbers([.nan, 3000, 300, 300, 300])),
                  .init(name: "Pressure", unit: "GPa", values: .numbers([.nan, 3.91, 1.8, -0.004, 0.021])),
                  .init(name: "Wall time", unit: "s", values: .numbers([2.1, 18.4, 241.7, 19.2, 18.1])),
                ]))
          ]),
        .init(title: "Thermodynamic history", figures: [drawn(temperature()), drawn(pressure()), drawn(density()), drawn(energy())]),
        .init(
          title: "Structure",
          paragraphs: [
            "Radial distribution functions are averages over 400 frames; cutoffs of coordination numbers are the first minima of g_{ij}(r)."
          ],
          figures: [drawn(partials()), drawn(runningNumber()), drawn(coordination()), drawn(structureFactor()), drawn(angles())],
          tables: [
            .init(
              DataTable(
                name: "coordination", title: "Mean coordination numbers",
                columns: [
                  .init(name: "Pair", values: .text(["B-O", "P-O", "Li-O"])),
                  .init(name: "Cutoff", unit: "A", values: .numbers([1.95, 2.02, 2.65])),
                  .init(name: "First peak", unit: "A", values: .numbers([1.42, 1.53, 1.98])),
                  .init(name: "Mean", values: .numbers([3.471, 4.005, 4.072])),
                ])),
            .init(
              DataTable(
                name: "rdf", title: "Partial radial distribution functions",
                columns: [
                  .init(name: "r", unit: "A", values: .numbers(partials().series[0].x)),
                  .init(name: "g(r) Li-O", values: .numbers(partials().series[3].y)),
                  .init(name: "g(r) B-O", values: .numbers(partials().series[6].y)),
                ]), maximumRows: 5),
          ]),
        .init(title: "Transport", figures: [drawn(meanSquaredDisplacement()), drawn(diffusion())]),
      ],
      provenance: [
        .init(label: "Program", value: "Vitrolyte 0.1.0, Swift 6.3.1, x86-64-v3, mixed precision"), .init(label: "Seed", value: "7"),
        .init(label: "Machine", value: "2 cores, Linux 6.1"), .init(label: "Wall time", value: "4 min 59 s"),
        .init(label: "Recipe", value: "recipe.yaml sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
        .init(label: "Run again", value: "vitrolyte run recipe.yaml --out runs/libp-7"),
        .init(label: "Potential", value: "Du and Cormack, J. Non-Cryst. Solids 349, 66 (2004), doi:10.1016/j.jnoncrysol.2004.08.264"),
      ])
  }
}
