import Core

extension LookupTable {
  /// What `lookup` needs to know of this table when it is bound; `index` is its place in `MappingModel.lookups`.
  package func shape(index: Int) -> BindRequest.LookupShape {
    if let entity { return BindRequest.LookupShape(index: index, columns: columns, columnTypes: entity.columnTypes) }
    let types = columns.indices.map { column in
      let found = Set(entries.values.compactMap { column < $0.count ? ValueType.of($0[column]) : nil })
      return found.isEmpty ? ValueType.string : .union(of: found)
    }
    return BindRequest.LookupShape(index: index, columns: columns, columnTypes: types)
  }
}
