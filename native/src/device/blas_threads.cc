#include "device/blas_threads.h"

#include <mutex>

extern "C" {
// Absent (null) unless OpenBLAS is loaded.
__attribute__((weak)) int openblas_get_num_threads(void);
__attribute__((weak)) void openblas_set_num_threads(int count);
}

namespace lumina::device {
namespace {

std::mutex guard;
int depth = 0;     // living objects
int restored = 1;  // threads to go back to after the last of them

bool available() {
  return openblas_get_num_threads != nullptr && openblas_set_num_threads != nullptr;
}

}  // namespace

SingleThreadedBlas::SingleThreadedBlas() {
  if (!available()) return;
  const std::lock_guard<std::mutex> lock(guard);
  if (depth++ > 0) return;
  restored = openblas_get_num_threads();
  openblas_set_num_threads(1);
}

SingleThreadedBlas::~SingleThreadedBlas() {
  if (!available()) return;
  const std::lock_guard<std::mutex> lock(guard);
  if (--depth == 0) openblas_set_num_threads(restored);
}

}  // namespace lumina::device
