enum ExtractSkeleton {}
