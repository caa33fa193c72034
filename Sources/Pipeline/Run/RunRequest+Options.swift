import Extract
import PipelineFile
import Records
import State

extension RunRequest {
  init(_ options: RunEngine.Options, moment: String) {
    self.init(
      snapshot: options.source.snapshot, location: options.source.location, businesses: options.source.businesses,
      limit: options.source.limit, mappings: options.source.mappings, destinations: options.source.destinations,
      shard: options.source.shard, isLenient: options.isLenient, isDryRun: options.isDryRun,
      publishesPartial: options.publishesPartial, acceptedGates: options.acceptedGates, moment: moment,
      load: options.source.load.map { .init(input: $0.path, format: $0.format.name) },
      comparesDestination: options.comparesDestination ? true : nil, replay: options.source.replay)
  }

  /// Restores these options; those that do not change a result stay as they are now.
  func apply(to options: inout RunEngine.Options, _ document: PipelineDocument) {
    // The copy of the input records how it was read.
    options.source.load = load.map { TargetFile(path: $0.input, format: document.formats.named($0.format) ?? .ndjson) }
    options.source.snapshot = snapshot
    options.source.location = location
    options.source.businesses = businesses
    options.source.limit = limit
    options.source.mappings = mappings
    options.source.destinations = destinations
    options.source.shard = shard
    options.source.replay = replay
    options.isLenient = isLenient
    options.isDryRun = isDryRun
    options.comparesDestination = comparesDestination ?? false
    options.publishesPartial = publishesPartial
    options.acceptedGates = acceptedGates
    options.moment = moment
  }
}
