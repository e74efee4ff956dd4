// swift-tools-version: 6.2
import PackageDescription

#if arch(x86_64)
  /// Swift's own vector code follows Clang's target; without this it is SSE2 and fused multiply-add becomes a call per lane.
  let processor = Context.environment["VITROLYTE_MARCH"] ?? "x86-64-v3"
  let vectorFlags = ["-Xcc", "-march=\(processor)", "-Xcc", "-fno-math-errno"]
#else
  let vectorFlags = ["-Xcc", "-fno-math-errno"]
#endif

let common: [SwiftSetting] = [
  .unsafeFlags(vectorFlags),
  .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

/// Modules whose loops decide the run time are optimised in debug builds too, so that tests run at speed: whole modules at once, since generic
/// loops are not specialised across files otherwise, which costs twenty times.
let kernel =
  common + [.unsafeFlags(["-O", "-disable-batch-mode", "-whole-module-optimization", "-num-threads", "4"], .when(configuration: .debug))]

let package = Package(
  name: "vitrolyte",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "vitrolyte", targets: ["vitrolyte"]),
    .library(
      name: "Vitrolyte",
      targets: [
        "NumericalMethods", "Structures", "Formats", "Interactions", "Simulation", "Analysis", "Reporting", "Workflows",
      ]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
  ],
  targets: [
    .target(name: "CKernels", cSettings: [.unsafeFlags(["-O2", "-fno-math-errno"])]),
    .systemLibrary(name: "CFFTW", pkgConfig: "fftw3", providers: [.apt(["libfftw3-dev"]), .brew(["fftw"])]),
    .systemLibrary(
      name: "CLAPACKE", pkgConfig: "lapacke", providers: [.apt(["libopenblas-serial-dev", "liblapacke-dev"]), .brew(["lapack"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
    .target(name: "NumericalMethods", dependencies: ["CKernels", "CFFTW", "CLAPACKE"], swiftSettings: kernel),
    .target(name: "Structures", dependencies: ["NumericalMethods"], swiftSettings: kernel),
    .target(name: "Formats", dependencies: ["Structures", "CZlib", "CZstd"], swiftSettings: kernel),
    .target(
      name: "Interactions",
      dependencies: ["Structures", "CKernels", .product(name: "Yams", package: "Yams")],
      resources: [.embedInCode("Library")], swiftSettings: kernel),
    .target(name: "Simulation", dependencies: ["Interactions", "Formats"], swiftSettings: kernel),
    .target(name: "Analysis", dependencies: ["Structures"], swiftSettings: kernel),
    .target(
      name: "Reporting",
      dependencies: ["Structures", .product(name: "Mustache", package: "swift-mustache")],
      resources: [.embedInCode("Template")], swiftSettings: common),
    .target(
      name: "Workflows",
      dependencies: ["Simulation", "Analysis", "Reporting", .product(name: "Yams", package: "Yams")],
      swiftSettings: common),
    .executableTarget(
      name: "vitrolyte",
      dependencies: ["Workflows", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: common),
    .testTarget(name: "NumericalMethodsTests", dependencies: ["NumericalMethods"], swiftSettings: common),
    .testTarget(name: "StructuresTests", dependencies: ["Structures"], swiftSettings: common),
    .testTarget(
      name: "FormatsTests", dependencies: ["Formats"], exclude: ["Golden"], swiftSettings: common),
    .testTarget(
      name: "InteractionsTests", dependencies: ["Interactions", "Formats"], exclude: ["Golden"], swiftSettings: common),
    .testTarget(
      name: "SimulationTests", dependencies: ["Simulation"], exclude: ["Golden"], swiftSettings: kernel),
    .testTarget(
      name: "AnalysisTests", dependencies: ["Analysis", "Formats"], exclude: ["Golden"], swiftSettings: common),
    .testTarget(name: "ReportingTests", dependencies: ["Reporting"], swiftSettings: common),
    .testTarget(name: "WorkflowsTests", dependencies: ["Workflows"], swiftSettings: common),
    .testTarget(name: "CommandLineTests", dependencies: ["Workflows"], swiftSettings: common),
  ],
  swiftLanguageModes: [.v6]
)
