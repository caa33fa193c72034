import Core

/// Makes the adapter of a mapping for each load.
struct GHLAdapters: AdapterDocument {
  let document: GHLDestinationDocument
  let part: GHLPartDocument

  func adapter(of load: LoadPart) -> any ResourceAdapter {
    let context = GHLPartContext(document, part, load)
    return switch part.target {
    case .contacts: GHLContactAdapter(context)
    case .tasks, .notes: GHLChildAdapter(context)
    case .tags: GHLTagAdapter(context)
    case .business: GHLLinkAdapter(context)
    }
  }
}
