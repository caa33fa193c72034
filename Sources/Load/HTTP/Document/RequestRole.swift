/// What a request of a mapping is for, and so which methods and placeholders it may have.
enum RequestRole: String, CaseIterable {
  case create, update, delete, find, list, batch

  var methods: [String] {
    switch self {
    case .create, .batch: ["POST", "PUT", "PATCH"]
    case .update: ["PUT", "PATCH", "POST"]
    case .delete: ["DELETE", "POST"]
    case .find, .list: ["GET"]
    }
  }

  /// Why the placeholder cannot be filled in; nil: it can.
  static func refusal(of placeholder: RequestPlaceholder, in role: RequestRole?) -> String? {
    switch (placeholder, role) {
    case (.location, _), (.mapping, _), (.run, _), (.date, _): nil
    case (_, nil): "headers of every request cannot depend on a record: write it in the headers of one request"
    case (.page, .list), (.cursor, .list): nil
    case (.page, _), (.cursor, _): "only `list` has pages"
    case (_, .list): "a list is not about one record"
    case (_, .batch): "a batch has several records"
    case (.remoteID, .create): "a record has no remote ID before it is created"
    case (.entityTag, .create): "a record has no tag before it is created"
    case (.remoteID, .find): "a lookup is for records whose remote ID is not known: use {key}"
    case (.entityTag, .find): "a lookup is for records whose tag is not known"
    default: nil
    }
  }
}

extension RequestPlaceholder {
  /// As written in a pipeline.
  var text: String {
    switch self {
    case .key: "{key}"
    case .remoteID: "{remote_id}"
    case .parentID(let mapping, let field): "{remote_id(\(mapping), \(field))}"
    case .field(let name): "{field(\(name))}"
    case .entityTag: "{etag}"
    case .page: "{page}"
    case .cursor: "{cursor}"
    case .location: "{location}"
    case .mapping: "{mapping}"
    case .run: "{run}"
    case .date: "{date}"
    }
  }
}
