enum ValuesSkeleton {}
