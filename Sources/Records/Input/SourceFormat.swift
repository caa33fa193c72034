package import Core
package import Files

/// A format of files with records: its name, how its files are recognized, and the source that reads them.
///
///     extension SourceFormat {
///       static let pairs = SourceFormat("pairs", extensions: ["pairs"], inPipelines: "Lines of KEY=VALUE.") {
///         input, name, reading in PairsSource(input, maximumRecord: reading.maximumRecordBytes)
///       }
///     }
///
/// It is declared in the file of its source. Once it is listed in `SourceFormats.standard`, options, pipelines, snapshots and
/// lookups accept it.
package struct SourceFormat: Sendable {
  package struct Traits: OptionSet, Sendable, Hashable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }

    /// Every value is a text: the files have no types.
    package static let hasTextsOnly = Traits(rawValue: 1)
    /// A file is one JSON text: it can also be read whole, as one record.
    package static let isOneText = Traits(rawValue: 2)
    /// A carriage return alone ends a line, too.
    package static let endsLinesAtReturn = Traits(rawValue: 4)
    /// Rows of cells below a header: a file may have a delimiter of its own, and lines above its header.
    package static let isTable = Traits(rawValue: 8)
  }

  /// Gives the records of an input, whose name in failures is the second parameter.
  package typealias Opening = @Sendable (any ByteInput, _ name: String, RecordReading) -> any RecordSource

  /// As options and pipelines name it: `ndjson`.
  package let name: String
  /// Of its files, in lower case. Copies of tables keep theirs; other copies have the first one.
  package let extensions: [String]
  /// What an editor says about the key in a pipeline's `source`; nil: pipelines cannot name the format.
  package let pipelineSummary: String?
  package let traits: Traits
  /// What a file declares; nil if files of this format declare no columns.
  ///
  /// - Throws: `OperationFailure`.
  package let header: (@Sendable (_ path: String, RecordReading) throws -> TableHeader)?
  /// Gives the records of bytes that begin at a cursor; nil if reading can only begin at the beginning of a file.
  package let resume: (@Sendable (any ByteInput, RecordCursor, RecordReading) -> any RecordSource)?
  package let open: Opening

  package init(
    _ name: String, extensions: [String], inPipelines pipelineSummary: String? = nil, traits: Traits = [],
    header: (@Sendable (_ path: String, RecordReading) throws -> TableHeader)? = nil,
    resume: (@Sendable (any ByteInput, RecordCursor, RecordReading) -> any RecordSource)? = nil, open: @escaping Opening
  ) {
    self.name = name
    self.extensions = extensions
    self.pipelineSummary = pipelineSummary
    self.traits = traits
    self.header = header
    self.resume = resume
    self.open = open
  }
}

extension SourceFormat {
  /// What may be stated about how one of its files is read.
  package var readingParts: [FileReading.Part] {
    FileReading.Part.allCases.filter { part in
      switch part {
      case .delimiter, .skipLines, .quotes: traits.contains(.isTable)
      case .encoding: true
      case .records: traits.contains(.isOneText)
      }
    }
  }
}

extension SourceFormat: Hashable {
  /// A name stands for one format.
  package static func == (left: SourceFormat, right: SourceFormat) -> Bool { left.name.isExactly(right.name) }

  package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
