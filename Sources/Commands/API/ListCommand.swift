import ArgumentParser
import Core
import GHL

extension GHLListing: ExpressibleByArgument {}

/// `waybill list locations|businesses|users|fields|tags`: lists locations, or the contents of one.
struct ListCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List locations, businesses, users, custom fields or tags",
    discussion: """
      Example:
        waybill list fields
      All but `locations` belong to one location. A mapping reads a custom field by its key, as `custom.KEY`.
      """)

  @Argument(help: ArgumentHelp("What to list.", valueName: "what"))
  var listing: GHLListing

  @OptionGroup var source: LocationOptions
  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    let listing = listing
    let records = try await context.withClient(source) { try await $0.list(listing) }
    let values = records.map { (try? JSONReader.read($0.line)) ?? .null }
    if output.json {
      try context.console.print(.array(values))
      return .done
    }
    let columns = Self.columns(of: listing)
    var table = TextTable(columns.map { .init($0.title) })
    for value in values { table.add(columns.map { LedgerPrinter.text(value[$0.member]).strippingContact($0.member) }) }
    try context.console.writeOutput(table.text(fitting: context.console.lineWidth))
    if values.isEmpty { context.console.note("The location has no \(listing.rawValue).") }
    return .done
  }

  private static func columns(of listing: GHLListing) -> [(title: String, member: String)] {
    switch listing {
    case .locations: [("ID", "id"), ("NAME", "name"), ("TIMEZONE", "timezone"), ("COUNTRY", "country")]
    case .businesses: [("ID", "id"), ("NAME", "name"), ("CITY", "city"), ("COUNTRY", "country")]
    case .users: [("ID", "id"), ("NAME", "name"), ("EMAIL", "email")]
    case .fields: [("KEY", "fieldKey"), ("TYPE", "dataType"), ("NAME", "name"), ("ID", "id")]
    case .tags: [("ID", "id"), ("NAME", "name")]
    }
  }
}

extension String {
  /// `contact.plan` as mappings write it: `plan`.
  fileprivate func strippingContact(_ member: String) -> String {
    member == "fieldKey" && hasPrefix("contact.") ? String(dropFirst("contact.".count)) : self
  }
}
