extension ResourceDocument {
  /// The calls that write records, by their key in the pipeline file: `create`, `POST /contacts`. Without their queries.
  package var calls: [(key: String, call: String)] {
    [("create", create), ("update", update), ("delete", delete), ("batch", batch?.request)].compactMap { key, request in
      request.map { (key, "\($0.template.method) \($0.template.target.text.prefix { $0 != "?" })") }
    }
  }
}
