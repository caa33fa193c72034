import ArgumentParser

/// The GHL location to query, for `list` and `ghl`.
struct LocationOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The location's ID (default: the project's, or GHL_LOCATION).", valueName: "id"))
  var location: String?

  @Option(help: ArgumentHelp("The API's address (default: the project's, GHL_BASE_URL, or GHL itself).", valueName: "url"))
  var baseURL: String?
}
