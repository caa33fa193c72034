package import Core
package import Records
package import Schema

/// A checked mapping: the result of the mapping compiler, from which `Program` is made. It still has names and places; the
/// program keeps them only for messages.
package struct MappingModel: Sendable {
  package var name: String
  /// The mapping file, as the user named it.
  package var file: String
  package var entity: String
  /// `source.key`; never null in a record that is let through.
  package var key: SourcePath
  package var updatedAt: SourcePath?
  /// `source.each`: one item per element of this list.
  package var each: SourcePath?
  package var targetEntity: String
  /// Target fields that identify a target record.
  package var targetKey: [String]
  package var target: TargetSchema?
  /// The whole target schema: for what `target` cannot express, and for the places that take only integers.
  package var record: SchemaValidator?
  package var settings: MappingSettings
  package var lookups: [LookupTable]
  /// In an order in which each reads only earlier ones.
  package var vars: [FieldModel]
  /// In the order of the file; nested targets are flat, with several names.
  package var fields: [FieldModel]
  /// `where`: records of which it is false are left out.
  package var filter: ExpressionModel?
  /// `validate`.
  package var rules: [RuleModel]
  /// What could not be checked when the mapping was compiled: `custom-fields`, `target-schema`.
  package var unchecked: [String]
  /// In the order of the file; with `each` the target's key besides.
  package var unique: [UniqueRule] = []
  package var merge: MergeRule?
  /// How the input is read, except for its columns, which come from `reads`.
  package var reading = RecordReading()
  /// `source.optional`: columns and fields that the input may lack.
  package var optional: [String] = []
  /// The paths of the source that something reads, each once.
  package var reads: [SourceRead] = []

  package init(
    name: String, file: String, entity: String, key: SourcePath, updatedAt: SourcePath? = nil, each: SourcePath? = nil,
    targetEntity: String, targetKey: [String], target: TargetSchema? = nil, record: SchemaValidator? = nil,
    settings: MappingSettings = .init(),
    lookups: [LookupTable] = [], vars: [FieldModel] = [], fields: [FieldModel], filter: ExpressionModel? = nil,
    rules: [RuleModel] = [], unchecked: [String] = []
  ) {
    self.name = name
    self.file = file
    self.entity = entity
    self.key = key
    self.updatedAt = updatedAt
    self.each = each
    self.targetEntity = targetEntity
    self.targetKey = targetKey
    self.target = target
    self.record = record
    self.settings = settings
    self.lookups = lookups
    self.vars = vars
    self.fields = fields
    self.filter = filter
    self.rules = rules
    self.unchecked = unchecked
  }
}

package struct MappingSettings: Sendable, Hashable {
  /// An IANA name, or the location's own zone.
  package var zone: ZoneChoice?
  /// ISO 3166-1 alpha-2: the region of national phone numbers.
  package var region: String?
  /// A source field that gives the region, if it has one.
  package var regionFrom: SourcePath?
  package var blankIsNull: Bool

  package init(zone: ZoneChoice? = nil, region: String? = nil, regionFrom: SourcePath? = nil, blankIsNull: Bool = true) {
    self.zone = zone
    self.region = region
    self.regionFrom = regionFrom
    self.blankIsNull = blankIsNull
  }
}

package enum ZoneChoice: Sendable, Hashable {
  case location
  case named(String)
}

/// One target field, or one var (then `target` is its name alone).
package struct FieldModel: Sendable {
  package enum OnError: String, Sendable, Hashable, CaseIterable {
    case reject, nullify, `default`, keep
  }

  package var target: [String]
  /// `when`: the field is missing if this is false.
  package var condition: ExpressionModel?
  package var value: ValueModel
  package var steps: [StepModel]
  package var fallback: FallbackModel?
  package var isRequired: Bool
  package var onError: OnError
  /// `write: create`.
  package var writesOnlyOnCreate: Bool
  /// `nulls: omit`.
  package var omitsNull: Bool
  package var privacy: Privacy
  /// The type at the end of the chain.
  package var type: ValueType
  /// Index of the target's node in `MappingModel.target`.
  package var node: Int?
  /// `references`: the value is a key that this mapping let through.
  package var references: ReferenceModel?
  package var place: SourcePlace

  package init(
    target: [String], value: ValueModel, steps: [StepModel] = [], fallback: FallbackModel? = nil,
    isRequired: Bool = false, onError: OnError = .reject, writesOnlyOnCreate: Bool = false, omitsNull: Bool = false,
    privacy: Privacy = .show, type: ValueType = .any, node: Int? = nil, place: SourcePlace
  ) {
    self.target = target
    self.value = value
    self.steps = steps
    self.fallback = fallback
    self.isRequired = isRequired
    self.onError = onError
    self.writesOnlyOnCreate = writesOnlyOnCreate
    self.omitsNull = omitsNull
    self.privacy = privacy
    self.type = type
    self.node = node
    self.place = place
  }
}

/// Where a field's value comes from.
package indirect enum ValueModel: Sendable, Hashable {
  /// `accepts`: the run-time kinds that the declared type admits, `elements` those of a list's elements; another kind is the record
  /// error `wrong-type`.
  case source(SourcePath, accepts: CellKinds, elements: CellKinds = .any)
  /// Index into `MappingModel.vars`.
  case variable(Int)
  /// `from: [a, b]`: a list.
  case list([ValueModel])
  /// `const`.
  case constant(JSONValue)
  /// A literal that stands for a value of a type that JSON has no word of its own for; of a list, each element.
  case typedConstant(JSONValue, ConstantForm)
  /// `expr`.
  case expression(ExpressionModel)
  /// `case`; `otherwise` nil: null.
  case cases([CaseModel], otherwise: ValueModel?)
}

/// What a typed constant is: canonical texts of dates and moments, exact digits of decimals.
package enum ConstantForm: Sendable, Hashable {
  case date, datetime, decimal
}

/// `default`: a literal, or a map with `from` and `do`.
package struct FallbackModel: Sendable {
  package var value: ValueModel
  package var steps: [StepModel]
  package var place: SourcePlace

  package init(value: ValueModel, steps: [StepModel] = [], place: SourcePlace) {
    self.value = value
    self.steps = steps
    self.place = place
  }
}

/// One function of a `do` chain, its arguments bound.
package struct StepModel: Sendable {
  package var call: FunctionCall
  package var place: SourcePlace

  package init(call: FunctionCall, place: SourcePlace) {
    self.call = call
    self.place = place
  }
}
