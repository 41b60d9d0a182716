#include "device/devices.h"

#include <ATen/Parallel.h>
#include <sys/mman.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "device/cuda.h"
#include "device/memory.h"
#include "device/thread_team.h"
#include "device/threads.h"
#include "kernels/cpu/isa.h"
#include "lumina/status.h"

namespace lumina::device {
namespace {

using nlohmann::json;

std::string cpu_model() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);) {
    if (line.compare(0, 10, "model name") == 0) return line.substr(line.find(':') + 2);
  }
  return "CPU";
}

json instruction_sets() {
  json sets = json::array();
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) sets.push_back("avx2");
  if (__builtin_cpu_supports("avx512f")) sets.push_back("avx512f");
  if (__builtin_cpu_supports("avx512vnni")) sets.push_back("avx512_vnni");
  if (__builtin_cpu_supports("avx512bf16")) sets.push_back("avx512_bf16");
  if (kernels::isa() >= kernels::Isa::kAmxBf16) sets.push_back("amx_bf16");
#endif
  return sets;
}

constexpr int kLeastCapability = 8;  // Ampere: bf16, and what the kernels are compiled for

std::string capability(const cuda::Found& found) {
  return found.name + " has compute capability " + std::to_string(found.major) + "." +
         std::to_string(found.minor);
}

json describe_cuda(int index) {
  const cuda::Found found = cuda::look(index);
  const bool usable = !found.name.empty() && found.major >= kLeastCapability;
  json device{{"name", index == 0 ? "cuda" : "cuda:" + std::to_string(index)},
              {"description", found.name.empty() ? "NVIDIA GPU" : found.name},
              {"usable", usable},
              {"note", found.name.empty() ? found.why
                       : usable           ? ""
                                          : capability(found)}};
  if (!found.name.empty()) {
    device["memory_bytes"] = found.memory_bytes;
    device["available_bytes"] = found.available_bytes;
  }
  return device;
}

}  // namespace

at::Device find_device(const std::string& name) {
  if (name == "cpu") return at::kCPU;
  int index = 0;
  if (name.compare(0, 5, "cuda:") == 0 && name.size() > 5 && name.size() < 8 &&
      name.find_first_not_of("0123456789", 5) == std::string::npos) {
    index = std::stoi(name.substr(5));
  } else if (name != "cuda") {
    throw Error(ErrorCode::kInvalidArgument, "unknown device '" + name + "'; known: cpu, cuda");
  }
  const cuda::Found found = cuda::look(index);
  if (found.name.empty()) {
    throw Error(ErrorCode::kDevice, "device " + name + ": " + found.why + "; use --device cpu");
  }
  if (found.major < kLeastCapability) {
    throw Error(ErrorCode::kDevice, "device " + name + ": " + capability(found) +
                                        ", 8.0 or newer is needed; use --device cpu");
  }
  return at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(index));
}

std::int64_t available_memory(at::Device device) {
  if (device.is_cpu()) return available_memory();
  cuda::release_unused_memory();  // what the allocator keeps for later can be had
  return cuda::look(device.index()).available_bytes;
}

void require_memory(std::int64_t needed, at::Device device, const std::string& purpose) {
  if (device.is_cpu()) return require_memory(needed, purpose);
  const std::int64_t available = available_memory(device);
  if (needed <= available) return;
  throw Error(ErrorCode::kOutOfMemory, purpose + " needs " + readable_size(needed) + ", only " +
                                           readable_size(available) + " are free on the GPU");
}

std::string cpu_description() {
  return cpu_model() + ", " + std::to_string(read_thread_limits().machine) + " threads";
}

std::string describe_devices() {
  const ThreadLimits threads = read_thread_limits();
  json cpu{{"name", "cpu"},
           {"description", cpu_model()},
           {"cores", default_threads(threads)},
           {"cores_note", describe_default_threads(threads)},
           {"instruction_sets", instruction_sets()},
           {"memory_bytes", total_memory()},
           {"available_bytes", available_memory()},
           {"usable", true},
           {"note", ""}};
  json devices = json::array({cpu});
  for (int i = 0; i == 0 || i < cuda::count(); ++i) devices.push_back(describe_cuda(i));
  return devices.dump();
}

int set_threads(int asked) {
  const int threads = resolve_threads(asked, read_thread_limits());
  const int team = possible_team(threads);
  if (asked != 0 && team < threads) {
    throw Error(ErrorCode::kDevice,
                std::to_string(threads) + " threads cannot be started: the system allows " +
                    std::to_string(team) + " here (see ulimit -u, and pids.max of the container)");
  }
  at::set_num_threads(team);
  start_team();
  return team;
}

double measure_read_bandwidth(int threads) {
  constexpr std::size_t kWords = std::size_t{32} << 20;  // 256 MB
  constexpr int kSweeps = 5;
  constexpr std::size_t kHugePage = std::size_t{2} << 20;
  const std::unique_ptr<std::uint64_t, void (*)(void*)> buffer(
      static_cast<std::uint64_t*>(std::aligned_alloc(kHugePage, kWords * sizeof(std::uint64_t))),
      &std::free);
  if (!buffer) throw Error(ErrorCode::kOutOfMemory, "out of memory for the bandwidth probe");
  // As packed weights lie, so that both are read in the same way.
  ::madvise(buffer.get(), kWords * sizeof(std::uint64_t), MADV_HUGEPAGE);
  const std::uint64_t* words = buffer.get();
  std::fill_n(buffer.get(), kWords, 1);
  std::vector<std::uint64_t> sums(threads);
  double best = 0.0;
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::thread> pool;
    for (int t = 0; t < threads; ++t) {
      pool.emplace_back([&, t] {
        // Eight running sums keep the loop bound by memory, not by the latency of an addition.
        std::uint64_t sum[8] = {};
        const std::size_t end = kWords / 8 * (t + 1) / threads * 8;
        for (std::size_t i = kWords / 8 * t / threads * 8; i < end; i += 8) {
          for (int k = 0; k < 8; ++k) sum[k] += words[i + k];
        }
        for (int k = 0; k < 8; ++k) sums[t] += sum[k];
      });
    }
    for (auto& worker : pool) worker.join();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    best = std::max(best, kWords * sizeof(std::uint64_t) / seconds.count());
  }
  std::uint64_t total = 0;
  for (auto sum : sums) total += sum;
  if (total != kWords * kSweeps) throw Error(ErrorCode::kInternal, "bandwidth probe lost words");
  return best;
}

}  // namespace lumina::device
