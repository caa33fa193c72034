import Core

extension FunctionDefinition {
  static let phone = FunctionDefinition(
    name: "phone",
    summary: "A phone number in E.164 form, by libphonenumber's rules; `check: valid` asks for more than a possible length.",
    parameters: [
      Parameter(
        "region", .text,
        "ISO 3166-1 alpha-2: where numbers without a country code belong; default: `region_from`, then `region` of the settings"),
      Parameter("check", .words(["possible", "valid"]), "default possible"),
    ],
    input: "string", output: "string", errors: [.phoneInvalid],
    examples: [
      Example("{phone: {region: US}}", #""(415) 555-2671""#, gives: #""+14155552671""#),
      Example("phone", #""+44 20 7946 0958""#, gives: #""+442079460958""#),
      Example("{phone: {region: US}}", #""call me""#, raises: .phoneInvalid),
    ],
    bind: { request in
      let region = request.text("region")
      let issues = region.flatMap(regionIssue).map { [$0] } ?? []
      let mustBeValid = request.text("check") == "valid"
      return request.bind(
        "phone", takes: [.string], gives: .string, issues: issues, .phone(region: region, mustBeValid: mustBeValid))
    })

  private static func regionIssue(_ region: String) -> BindIssue? {
    let letters = region.utf8
    guard letters.count != 2 || !letters.allSatisfy({ (0x41...0x5A).contains($0) }) else { return nil }
    let upper = region.uppercased()
    let isCode = upper.utf8.count == 2 && upper.utf8.allSatisfy { (0x41...0x5A).contains($0) }
    return BindIssue(
      .badArgument, parameter: "region", "no phone region '\(region)'",
      hint: isCode ? "did you mean '\(upper)'?" : "write two capital letters, as ISO 3166-1 has them: US, GB, DE")
  }
}
