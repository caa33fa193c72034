import Core

/// Makes the adapter of a mapping for each load.
struct GHLAdapters: AdapterDocument {
  let document: GHLDestinationDocument
  let part: GHLPartDocument
  /// Whose records are which, for all mappings of one kind of records, also in a dry run, which writes nothing into the journal.
  let owners: GHLOwners.Table

  func adapter(of load: LoadPart) -> any ResourceAdapter {
    let context = GHLPartContext(document, part, load, owners: owners)
    return switch part.target {
    case .contacts: GHLContactAdapter(context)
    case .tasks, .notes: GHLChildAdapter(context)
    case .tags: GHLTagAdapter(context)
    case .business: GHLLinkAdapter(context)
    }
  }
}
