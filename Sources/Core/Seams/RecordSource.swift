/// Fills batches with the raw records of an input, one after another. Batches cross this seam; single fields never do.
package protocol RecordSource {
  /// Puts the next records into `batch`, which is emptied first. False: the input has ended and the batch is empty.
  mutating func fill(_ batch: RecordBatch) throws -> Bool
}
