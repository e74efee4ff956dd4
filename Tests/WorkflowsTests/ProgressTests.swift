import Testing

@testable import Workflows

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("Progress")
struct ProgressTests {
  @Test("the line shows stage, step, temperature, ns/day and the time left")
  func line() {
    var meter = ProgressMeter(stageSteps: [1000, 9000])
    func state(_ step: Int) -> ProgressState {
      ProgressState(stage: 1, stageName: "2-nvt", stageStep: step, stageSteps: 9000, temperature: 301.4, timestep: 0.001)
    }
    meter.update(state(0), time: 10)
    #expect(meter.timeLeft(state(0)) == nil)
    meter.update(state(1000), time: 12)
    // 500 steps/s of 1 fs are 43.2 ns/day; 8000 steps are left.
    #expect(meter.timeLeft(state(1000)) == 16)
    #expect(
      meter.line(state(1000), barWidth: 10)
        == "[##........]  20 %  stage 2/2 2-nvt  step 1 000/9 000  301 K  43.2 ns/day  16 s left")
  }

  @Test("speed follows a change within some ten seconds and ignores clocks that stand still")
  func smoothing() {
    var meter = ProgressMeter(stageSteps: [1_000_000])
    func update(_ step: Int, _ time: Double) {
      meter.update(ProgressState(stage: 0, stageName: "a", stageStep: step, stageSteps: 1_000_000), time: time)
    }
    update(0, 0)
    update(100, 1)
    #expect(meter.speed == 100)
    update(200, 1)
    #expect(meter.speed == 100)
    for second in 1..<60 { update(200 + 1000 * second, 1 + Double(second)) }
    // After 59 s at weight 1/10, 0.9^59 = 0.2 % of the old speed is left.
    #expect(abs((meter.speed ?? 0) - 1000) < 10)
  }

  @Test("lines come seldom, at once for a new stage; quiet says nothing; a bar stays in one line")
  func reporter() {
    var time = 0.0
    var text = ""
    func feed(_ style: ProgressReporter.Style) -> String {
      time = 0
      text = ""
      let reporter = ProgressReporter(stageSteps: [100, 100], style: style, clock: { time }, emit: { text += $0 })
      for stage in 0..<2 {
        for step in 0..<100 {
          reporter.update(ProgressState(stage: stage, stageName: "s", stageStep: step, stageSteps: 100, temperature: 1, timestep: 0.001))
          time += 0.1
        }
      }
      reporter.note("message")
      reporter.finish()
      return text
    }
    let lines = feed(.lines).split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[1].contains("stage 2/2"))
    #expect(lines.last == "message")
    #expect(feed(.quiet).isEmpty)
    let bar = feed(.bar(width: 60))
    #expect(bar.filter { $0 == "\n" }.count == 1)
    #expect(bar.split(separator: "\r").allSatisfy { $0.replacing("\u{1B}[K", with: "").count < 60 })
  }

  @Test("a signal is noticed, and says how to go on")
  func signal() throws {
    StopSignal.install()
    #expect(StopSignal.pending == nil)
    kill(getpid(), SIGTERM)
    var waited = 0
    while StopSignal.pending == nil, waited < 1000 {
      usleep(1000)
      waited += 1
    }
    #expect(StopSignal.pending == SIGTERM)
    // Gives Ctrl-C and SIGTERM their usual meaning back.
    for number in [SIGINT, SIGTERM] {
      var action = sigaction()
      sigaction(number, &action, nil)
    }
    StopSignal.clear()
    let interruption = Interruption(signal: SIGINT, runFolder: "runs/a")
    #expect(interruption.exitStatus == 130)
    #expect(interruption.description.contains("vitrolyte run runs/a/recipe.yaml --out runs/a --resume"))
  }

  @Test("an estimate counts steps, frames and time, and measures only when asked")
  func estimate() throws {
    let recipe = try Recipe(parsing: RecipeParsingTests.designExample)
    let estimate = RunEstimate(recipe, atoms: 3000, measureSpeed: { 0.002 })
    #expect(estimate.steps == 331_000)
    #expect(estimate.wallTime == 662)
    // 401 frames of the last stage; rows of thermo.csv each 100 steps and one at the start of each of four stages.
    #expect(estimate.outputs.map(\.entries) == [3304, 401])
    #expect(estimate.text.contains("about 11:02 min"))
    #expect(RunEstimate(recipe, atoms: 3000).wallTime == nil)
    #expect(estimate.json["wall_time_s"]?.double == 662)
  }

  /// Peaks of resident memory of `vitrolyte bench --case … --threads 2` in MB, measured on x86-64 Linux.
  @Test(
    "memory is told within a third for every family",
    arguments: [("silica-spme-24000", 68.6), ("latp-core-shell-23000", 166.0), ("lps-ariga-23000", 123.5)])
  func memory(_ name: String, _ measured: Double) throws {
    let one = try #require(BenchCase.builtins.first { $0.name == name })
    let configuration = try one.configuration()
    let system = try PreparedSystem(configuration, potential: one.potential)
    let recipe = try Recipe(parsing: RecipeParsingTests.designExample)
    let estimate = RunEstimate(recipe, atoms: configuration.count, interactions: system.interactions)
    #expect(abs(estimate.memory / 1e6 / measured - 1) < 0.33)
  }
}
