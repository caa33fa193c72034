package import Control
import Core
import Files

extension RunFolder {
  /// What did arrive at the destination, was filtered out or merged, with the columns of the input.
  package func success(of part: RunPart) -> String {
    "\(folder(of: part.destination.text))/\(SortableName.safe(part.mapping.text)).success.csv"
  }
}
