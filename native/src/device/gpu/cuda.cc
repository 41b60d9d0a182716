// device/cuda.h on CUDA.
#include "device/cuda.h"

#include <ATen/ATen.h>
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <cuda_runtime_api.h>

#include <algorithm>
#include <cmath>

#include "kernels/cuda/kernels.h"
#include "lumina/status.h"

namespace lumina::device::cuda {
namespace {

// Cache positions that a block should at least have to pass, for its start to be worth while.
constexpr std::int64_t kPositionsPerSplit = 256;
// Runs before a capture: libraries take their workspaces with the first.
constexpr int kWarmUps = 2;

void check_launch(const char* what) {
  const cudaError_t error = cudaGetLastError();
  if (error != cudaSuccess) {
    throw Error(ErrorCode::kDevice, std::string(what) + ": " + cudaGetErrorString(error));
  }
}

kernels::cuda::Element element_of(at::ScalarType type) {
  if (type == at::kFloat) return kernels::cuda::Element::kFloat32;
  if (type == at::kBFloat16) return kernels::cuda::Element::kBFloat16;
  return kernels::cuda::Element::kInt8;
}

// 13020 -> "13.2"
std::string version_text(int version) {
  return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

std::string driver_trouble() {
  int driver = 0, runtime = 0;
  cudaDriverGetVersion(&driver);
  cudaRuntimeGetVersion(&runtime);
  if (driver == 0) return "no NVIDIA driver is loaded";
  return "the NVIDIA driver knows CUDA " + version_text(driver) + ", CUDA " +
         version_text(runtime) + " is needed";
}

class CapturedGraph final : public Graph {
 public:
  CapturedGraph(const std::function<void()>& work, at::Device device) : device_(device) {
    const c10::cuda::CUDAGuard guard(device_);
    synchronize(device_);
    const c10::cuda::CUDAStreamGuard stream(
        c10::cuda::getStreamFromPool(/*isHighPriority=*/false, device_.index()));
    for (int i = 0; i < kWarmUps; ++i) work();
    synchronize(device_);
    graph_.capture_begin();
    try {
      work();
    } catch (...) {
      graph_.capture_end();
      throw;
    }
    graph_.capture_end();
    synchronize(device_);
  }

  void replay() override {
    const c10::cuda::CUDAGuard guard(device_);
    graph_.replay();
  }

 private:
  at::Device device_;
  at::cuda::CUDAGraph graph_;
};

}  // namespace

Found look(int index) {
  Found found;
  int devices = 0;
  const cudaError_t error = cudaGetDeviceCount(&devices);
  if (error != cudaSuccess) {
    cudaGetLastError();  // so that nobody takes it for theirs
    found.why = error == cudaErrorInsufficientDriver
                    ? driver_trouble()
                    : std::string("CUDA: ") + cudaGetErrorString(error);
    return found;
  }
  if (index < 0 || index >= devices) {
    found.why = "there are " + std::to_string(devices) + " CUDA devices";
    return found;
  }
  cudaDeviceProp properties;
  std::size_t free = 0, total = 0;
  const c10::cuda::CUDAGuard guard(static_cast<c10::DeviceIndex>(index));
  if (cudaGetDeviceProperties(&properties, index) != cudaSuccess ||
      cudaMemGetInfo(&free, &total) != cudaSuccess) {
    found.why = std::string("CUDA: ") + cudaGetErrorString(cudaGetLastError());
    return found;
  }
  found.name = properties.name;
  found.major = properties.major;
  found.minor = properties.minor;
  found.memory_bytes = static_cast<std::int64_t>(total);
  found.available_bytes = static_cast<std::int64_t>(free);
  return found;
}

int count() { return static_cast<int>(c10::cuda::device_count()); }

std::unique_ptr<Graph> capture(const std::function<void()>& work, at::Device device) {
  return std::make_unique<CapturedGraph>(work, device);
}

void synchronize(at::Device device) {
  const c10::cuda::CUDAGuard guard(device);
  c10::cuda::device_synchronize();
}

void release_unused_memory() { c10::cuda::CUDACachingAllocator::emptyCache(); }

bool suits_attention(const at::Tensor& q, const at::Tensor& keys) {
  const auto known = [](at::ScalarType type) {
    return type == at::kFloat || type == at::kBFloat16 || type == at::kChar;
  };
  return kernels::cuda::suits_attention(static_cast<int>(q.size(-1))) &&
         known(keys.scalar_type()) && keys.stride(3) == 1 && keys.stride(2) == keys.size(3) &&
         (q.scalar_type() == at::kFloat || q.scalar_type() == at::kBFloat16);
}

at::Tensor attend(const at::Tensor& q, const at::Tensor& keys, const at::Tensor& key_scale,
                  const at::Tensor& values, const at::Tensor& value_scale,
                  const at::Tensor& positions) {
  const c10::cuda::CUDAGuard guard(q.device());
  const at::Tensor queries = q.contiguous();
  const at::Tensor out = at::empty_like(queries);
  const at::Tensor places = positions.contiguous();
  kernels::cuda::AttentionArguments arguments;
  arguments.q = queries.const_data_ptr();
  arguments.out = out.data_ptr();
  arguments.element = element_of(q.scalar_type());
  arguments.k = keys.const_data_ptr();
  arguments.v = values.const_data_ptr();
  arguments.cache_element = element_of(keys.scalar_type());
  arguments.row_stride = keys.stride(0);
  arguments.head_stride = keys.stride(1);
  if (key_scale.defined()) {
    arguments.k_scale = key_scale.const_data_ptr<float>();
    arguments.v_scale = value_scale.const_data_ptr<float>();
    arguments.scale_row_stride = key_scale.stride(0);
    arguments.scale_head_stride = key_scale.stride(1);
  }
  arguments.positions = places.const_data_ptr<std::int64_t>();
  arguments.rows = static_cast<int>(q.size(0));
  arguments.kv_heads = static_cast<int>(keys.size(1));
  arguments.group = static_cast<int>(q.size(1) / keys.size(1));
  arguments.window = static_cast<int>(q.size(2));
  arguments.d = static_cast<int>(q.size(3));
  arguments.splits = static_cast<int>(std::clamp<std::int64_t>(
      keys.size(2) / kPositionsPerSplit, 1, kernels::cuda::AttentionArguments::kMostSplits));
  arguments.scale = static_cast<float>(1.0 / std::sqrt(static_cast<double>(q.size(3))));
  const at::Tensor scratch =
      at::empty({kernels::cuda::attention_scratch(arguments)}, q.options().dtype(at::kFloat));
  arguments.scratch = scratch.data_ptr<float>();
  kernels::cuda::attend(arguments, c10::cuda::getCurrentCUDAStream().stream());
  check_launch("attention");
  return out;
}

void fill_gumbel(const at::Tensor& seeds, const at::Tensor& positions, std::uint32_t stream,
                 std::int64_t first_id, const at::Tensor& noise) {
  const c10::cuda::CUDAGuard guard(noise.device());
  kernels::cuda::GumbelArguments arguments;
  arguments.seeds = seeds.const_data_ptr<std::int64_t>();
  arguments.positions = positions.const_data_ptr<std::int64_t>();
  arguments.noise = noise.data_ptr<double>();
  arguments.pictures = noise.size(0);
  arguments.window = noise.size(1);
  arguments.count = noise.size(2);
  arguments.first_id = first_id;
  arguments.stream = stream;
  kernels::cuda::fill_gumbel(arguments, c10::cuda::getCurrentCUDAStream().stream());
  check_launch("noise");
}

}  // namespace lumina::device::cuda
