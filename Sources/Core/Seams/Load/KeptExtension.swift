/// The extension of a file in `LoadPart.keptIn`. A later run removes such files by it.
package enum KeptExtension: String, Sendable, CaseIterable { case csv, ndjson, json, sqlite }
