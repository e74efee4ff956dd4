import ArgumentParser

struct BuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build", abstract: "Make a starting configuration.",
    discussion: """
      Examples:
        vitrolyte build --composition Li2O=40,B2O3=30,P2O5=30 --atoms 3000 --density "2.31 g/cm3" --out start.data
        vitrolyte build --crystal quartz.cif --replicate 5x5x5 --out quartz.data
        vitrolyte build --units PS4=0.17,P2S7=0.68,P2S6=0.15 --potential lps-ariga --atoms 8000 --density "1.76 g/cm3" --out glass.data
        vitrolyte build topology crystal.cif --potential lps-ariga --out start.data
      """,
    subcommands: [BuildSystemCommand.self, BuildTopologyCommand.self], defaultSubcommand: BuildSystemCommand.self)
}
