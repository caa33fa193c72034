import Core
import Values

extension FunctionDefinition {
  static let phone = FunctionDefinition(
    name: "phone",
    summary:
      "A phone number in E.164 form without its extension, by libphonenumber's rules; `check: valid` requires more than a possible length.",
    parameters: [
      Parameter(
        "region", .text,
        "ISO 3166-1 alpha-2: the region of numbers without a country code; default: the settings' `region_from`, then `region`"),
      Parameter("check", .words(["possible", "valid"]), "default possible"),
      Parameter(
        "extension", .words(["drop", "keep"]),
        "`keep` writes it as RFC 3966 does: +14155552671;ext=12; default drop, with a warning unless `drop` is written"),
    ],
    input: "string", output: "string", errors: [.phoneInvalid, .phoneExtensionDropped], formulas: .impossible,
    examples: [
      Example("{phone: {region: US}}", #""(415) 555-2671""#, gives: #""+14155552671""#),
      Example("phone", #""+44 20 7946 0958""#, gives: #""+442079460958""#),
      Example("{phone: {region: US}}", #""(415) 555-2671 ext. 12""#, gives: #""+14155552671""#),
      Example("{phone: {region: US, extension: keep}}", #""(415) 555-2671 x12""#, gives: #""+14155552671;ext=12""#),
      Example("{phone: {region: US}}", #""call me""#, raises: .phoneInvalid),
      Example("{phone: {region: US}}", #""4.41E+11""#, raises: .phoneInvalid),
    ],
    bind: { request in
      let region = request.text("region")
      let issues = region.flatMap(regionIssue).map { [$0] } ?? []
      let mustBeValid = request.text("check") == "valid"
      let extensions: FunctionCall.PhoneExtensions =
        switch request.text("extension") {
        case "keep": .keep
        case "drop": .drop
        default: .dropWithWarning
        }
      return request.bind(
        "phone", takes: [.string], gives: .string, issues: issues,
        .phone(region: region, mustBeValid: mustBeValid, extensions: extensions))
    })

  /// A region without a numbering plan in libphonenumber is also refused.
  private static func regionIssue(_ region: String) -> BindIssue? {
    if RegionCode(region)?.isSupported == true { return nil }
    let upper = NearestName.seen(region).uppercased()
    let hint =
      RegionCode(upper)?.isSupported == true
      ? NearestName.question(region, upper) : "write an ISO 3166-1 code of two capital letters: US, GB, DE"
    return BindIssue(.badArgument, parameter: "region", "there is no phone region '\(region)'", hint: hint)
  }
}
