import Core
import Transform

extension ProgramLinks {
  init(_ keys: [LoadedKeys]) {
    self.init(references: Dictionary(keys.map { (Name($0.file.mapping), $0.registry) }) { first, _ in first })
  }
}
