// Which threads a matrix product inside a parallel loop may use.
#pragma once

namespace lumina::device {

// While one lives, OpenBLAS runs every product on the calling thread. ATen's attention calls it
// from inside an OpenMP loop, one call per thread, where OpenBLAS's own threads would queue up
// behind each other (and it says so on standard error). Does nothing if libtorch brings another
// BLAS. May be nested and used from several threads.
class SingleThreadedBlas {
 public:
  SingleThreadedBlas();
  ~SingleThreadedBlas();
  SingleThreadedBlas(const SingleThreadedBlas&) = delete;
  SingleThreadedBlas& operator=(const SingleThreadedBlas&) = delete;
};

}  // namespace lumina::device
