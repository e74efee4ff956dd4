// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "vitrolyte", path: "..")],
  targets: [
    .executableTarget(
      name: "KernelBenchmarks", dependencies: [.product(name: "Vitrolyte", package: "vitrolyte")],
      swiftSettings: [.unsafeFlags(["-cross-module-optimization"], .when(configuration: .release))]),
    .executableTarget(
      name: "MotionBenchmarks", dependencies: [.product(name: "Vitrolyte", package: "vitrolyte")],
      swiftSettings: [.unsafeFlags(["-cross-module-optimization"], .when(configuration: .release))]),
  ],
  swiftLanguageModes: [.v6]
)
