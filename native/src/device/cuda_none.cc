// device/cuda.h of a build without CUDA.
#include "device/cuda.h"
#include "lumina/status.h"

namespace lumina::device::cuda {
namespace {

[[noreturn]] void absent() {
  throw Error(ErrorCode::kDevice, "this build has no CUDA support; use --device cpu");
}

}  // namespace

Found look(int) {
  Found none;
  none.why = "this build has no CUDA support";
  return none;
}

int count() { return 0; }

std::unique_ptr<Graph> capture(const std::function<void()>&, at::Device) { absent(); }

void synchronize(at::Device) { absent(); }

void release_unused_memory() {}

bool suits_attention(const at::Tensor&, const at::Tensor&) { return false; }

at::Tensor attend(const at::Tensor&, const at::Tensor&, const at::Tensor&, const at::Tensor&,
                  const at::Tensor&, const at::Tensor&) {
  absent();
}

void fill_gumbel(const at::Tensor&, const at::Tensor&, std::uint32_t, std::int64_t,
                 const at::Tensor&) {
  absent();
}

}  // namespace lumina::device::cuda
