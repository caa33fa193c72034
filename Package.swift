// swift-tools-version: 6.2
import PackageDescription

// Arrows point one way: a target may use what stands above it in this file, never what stands below.

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableExperimentalFeature("Lifetimes"),
  .treatAllWarnings(as: .error),
]

/// For targets that handle bytes: each use of an address is marked `unsafe`.
let marksUnsafe: [SwiftSetting] = [.strictMemorySafety()]

func nio(_ name: String) -> Target.Dependency { .product(name: name, package: "swift-nio") }
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")

let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let serviceLifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

let package = Package(
  name: "waybill",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "waybill", targets: ["waybill"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", "3.12.3"..<"5.0.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.30.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // C and C++ libraries of the system, behind headers of our own.
    .systemLibrary(name: "CLibCSV", providers: [.apt(["libcsv-dev"])]),
    .systemLibrary(name: "CPCRE2", providers: [.apt(["libpcre2-dev"])]),
    .systemLibrary(name: "CLibYAML", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CSimdJSON", cxxSettings: [.define("NDEBUG")], linkerSettings: [.linkedLibrary("simdjson")]),
    .target(name: "CPhoneTables"),
    .target(name: "CAllocationCounter"),
    .target(name: "CSignals"),
    .target(name: "CSpawn"),

    .target(name: "Core", swiftSettings: marksUnsafe),
    .target(name: "Files", dependencies: ["Core", crypto]),
    .target(name: "Values", dependencies: ["Core", "CPCRE2", "CPhoneTables", crypto], swiftSettings: marksUnsafe),
    .target(name: "Records", dependencies: ["Core", "Files", "Values", "CSimdJSON", "CLibCSV", "CZlib"]),
    .target(name: "Profiles", dependencies: ["Core", "Values", "Records"]),
    .target(name: "Control", dependencies: ["Core"]),
    .target(name: "Expressions", dependencies: ["Core", "Values"]),
    .target(name: "Schema", dependencies: ["Files", "Values", "Records"]),
    .target(name: "Transform", dependencies: ["Expressions", "Schema", "Records", "Profiles"]),
    .target(name: "Mapping", dependencies: ["Transform", "CLibYAML"]),
    .target(
      name: "HTTP",
      dependencies: [
        "CSpawn", "Files", "Values", "Control", asyncHTTPClient, nio("NIOCore"), nio("NIOHTTP1"), nio("NIOPosix"), nioSSL,
      ]),
    .target(name: "Settings", dependencies: ["Mapping", "HTTP"]),
    .target(name: "GHL", dependencies: ["HTTP", "Records"]),
    .target(name: "Extract", dependencies: ["GHL", "Records", crypto]),
    .target(name: "State", dependencies: ["Files", "Values", "Records", "Control", grdb, sqlite]),
    .target(
      name: "Load",
      dependencies: ["Settings", "Files", "Records", "HTTP", "GHL", "Mapping", "Control", "Expressions", crypto, grdb, sqlite]),
    .target(name: "Report", dependencies: ["Transform", "Extract"]),
    .target(name: "Graphics", dependencies: ["Core"]),
    .target(name: "Page", dependencies: ["Core", "Graphics", "Files", "Control", "Extract", "State", "Report"]),
    .target(name: "PipelineFile", dependencies: ["Settings", "GHL", "Mapping", "Control", "Extract", "State", "Load", "Report"]),
    .target(name: "Workbench", dependencies: ["HTTP", "Mapping", "Schema", "Profiles", "Report"]),
    .target(
      name: "Pipeline",
      dependencies: [
        "Settings", "HTTP", "Mapping", "Schema", "Profiles", "Control", "Extract", "State", "Load", "Report", "Page",
        "PipelineFile",
      ]),
    .target(
      name: "Sandbox", dependencies: ["Records", "Schema", hummingbird, serviceLifecycle, nio("NIOCore")],
      // The schemas of Your App's records: links to those of the shipped mappings.
      resources: [.embedInCode("Resources")]),
    .target(
      name: "Commands",
      dependencies: [
        "CSignals", "Workbench", "Page", "PipelineFile", "Pipeline", "Expressions", "Schema", "Profiles", "Sandbox",
        argumentParser,
      ],
      // What `waybill init` writes: links to the shipped mappings, so that the executable carries them.
      resources: [.embedInCode("Resources")]),
    .executableTarget(name: "waybill", dependencies: ["Commands"]),
    .target(name: "Fuzzing", dependencies: ["GHL", "Control", "Records"]),
    .executableTarget(name: "Fuzz", dependencies: ["Fuzzing", "Records"]),
    .executableTarget(name: "ExpressionsBenchmark", dependencies: ["Expressions", "CAllocationCounter"]),
    .executableTarget(name: "JournalBenchmark", dependencies: ["State"]),
    .executableTarget(
      name: "LoadBenchmark", dependencies: ["Load", "State", "Files", "HTTP", asyncHTTPClient, nio("NIOCore"), nio("NIOHTTP1")]),
    .executableTarget(name: "TransformBenchmark", dependencies: ["Mapping", "GHL", "Sandbox", "CAllocationCounter"]),

    .target(name: "TestSupport", dependencies: ["CSpawn", "Transform", "Load", grdb], path: "Tests/TestSupport"),
    .testTarget(name: "CoreTests", dependencies: ["Core", "TestSupport"]),
    .testTarget(name: "FilesTests", dependencies: ["Files", "TestSupport", crypto]),
    .testTarget(name: "ValuesTests", dependencies: ["Values"]),
    .testTarget(name: "RecordsTests", dependencies: ["Records", "TestSupport"]),
    .testTarget(name: "ProfilesTests", dependencies: ["Profiles", "Records", "TestSupport"]),
    .testTarget(name: "ControlTests", dependencies: ["Control"]),
    .testTarget(name: "ExpressionsTests", dependencies: ["Expressions"]),
    .testTarget(name: "SchemaTests", dependencies: ["Schema", "Records", "Report"]),
    .testTarget(name: "TransformTests", dependencies: ["Transform", "Schema", "Report", "TestSupport"]),
    .testTarget(name: "MappingTests", dependencies: ["Mapping", "Schema", "Report", "TestSupport"]),
    .testTarget(name: "HTTPTests", dependencies: ["HTTP", "TestSupport", nio("NIOEmbedded")]),
    .testTarget(name: "GHLTests", dependencies: ["Records", "HTTP", "GHL", "Extract", "Sandbox", "TestSupport"]),
    .testTarget(name: "StateTests", dependencies: ["State", "TestSupport", grdb]),
    .testTarget(name: "LoadTests", dependencies: ["Load", "Report", "Expressions", "Settings", "TestSupport", grdb]),
    .testTarget(
      name: "GHLLoadTests",
      dependencies: ["Load", "GHL", "Records", "Sandbox", "State", "PipelineFile", "Pipeline", "TestSupport"]),
    .testTarget(name: "ReportTests", dependencies: ["Report", "TestSupport"]),
    .testTarget(name: "GraphicsTests", dependencies: ["Graphics", "Core"]),
    .testTarget(name: "PageTests", dependencies: ["Page", "Report", "State", "TestSupport"]),
    .testTarget(name: "WorkbenchTests", dependencies: ["Workbench", "Extract", "TestSupport"]),
    .testTarget(name: "PipelineTests", dependencies: ["PipelineFile", "Pipeline", "Workbench", "Sandbox", "TestSupport"]),
    .testTarget(name: "FuzzingTests", dependencies: ["Fuzzing"]),
    .testTarget(name: "SandboxTests", dependencies: ["Sandbox", "Schema"]),
    .testTarget(name: "CommandsTests", dependencies: ["Commands", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)

for target in package.targets where [.regular, .executable, .test].contains(target.type) && !target.name.hasPrefix("C" + "Lib") {
  guard !["CSimdJSON", "CPhoneTables", "CAllocationCounter", "CSignals", "CSpawn"].contains(target.name) else { continue }
  target.swiftSettings = (target.swiftSettings ?? []) + settings
}
