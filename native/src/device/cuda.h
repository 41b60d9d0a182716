// What this build can do on a CUDA device. Without CUDA (the CMake option LUMINA_CUDA) the same
// functions exist, and nothing suits them.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace lumina::device::cuda {

// A CUDA device, or why there is none.
struct Found {
  std::string name;  // "NVIDIA H200"; empty: none
  std::string why;   // one line, if there is none
  std::int64_t memory_bytes = 0;
  std::int64_t available_bytes = 0;
  int major = 0, minor = 0;  // compute capability
};

Found look(int index);  // never throws
int count();            // devices that libtorch sees; 0 without CUDA

// Work on tensors that are always the same, of a device, captured as a CUDA graph.
class Graph {
 public:
  virtual ~Graph() = default;
  virtual void replay() = 0;  // in the order of the current stream; returns at once
};
// Runs `work` to warm up, then captures it. It may wait for nothing and must not depend on how
// often it ran.
std::unique_ptr<Graph> capture(const std::function<void()>& work, at::Device device);
void synchronize(at::Device device);
void release_unused_memory();  // gives back what the allocator keeps for later

// As model::attend_at().
bool suits_attention(const at::Tensor& q, const at::Tensor& keys);
at::Tensor attend(const at::Tensor& q, const at::Tensor& keys, const at::Tensor& key_scale,
                  const at::Tensor& values, const at::Tensor& value_scale,
                  const at::Tensor& positions);

// As decoding::fill_gumbel(), for tensors on a CUDA device.
void fill_gumbel(const at::Tensor& seeds, const at::Tensor& positions, std::uint32_t stream,
                 std::int64_t first_id, const at::Tensor& noise);

}  // namespace lumina::device::cuda
