/// The extension of a file in `LoadPart.keptIn`. A later run recognizes the files that it removes by it.
package enum KeptExtension: String, Sendable, CaseIterable { case csv, ndjson, json, sqlite }
