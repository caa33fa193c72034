enum MappingSkeleton {}
