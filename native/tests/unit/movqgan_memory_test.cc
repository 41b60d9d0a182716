// How many bytes of tensors are alive at once, weights excluded: docs/spec/movqgan.md 8.2.
// Activations are proportional to width times pixels, so a narrow network on a small picture tells
// about the real one. What oneDNN allocates for itself is not counted here; movqgan_bench measures
// the whole process.
#include <ATen/ATen.h>
#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <gtest/gtest.h>

#include <mutex>
#include <unordered_map>

#include "support/movqgan.h"
#include "vision/working_memory.h"

namespace lumina::testing {
namespace {

// Stands in for ATen's CPU allocator while it lives, and knows the largest total so far. oneDNN
// takes its scratch memory from there too. One at a time.
class CountingAllocator : public c10::Allocator {
 public:
  CountingAllocator() {
    sizes_.clear();
    current_ = peak_ = 0;
    c10::SetCPUAllocator(this);
  }
  ~CountingAllocator() override { c10::SetCPUAllocator(c10::GetDefaultCPUAllocator()); }

  c10::DataPtr allocate(std::size_t bytes) override {
    void* data = c10::GetDefaultCPUAllocator()->raw_allocate(bytes);
    const std::lock_guard<std::mutex> lock(mutex_);
    sizes_[data] = static_cast<std::int64_t>(bytes);
    current_ += static_cast<std::int64_t>(bytes);
    peak_ = std::max(peak_, current_);
    return {data, data, &release, c10::Device(c10::kCPU)};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &release; }
  void copy_data(void* to, const void* from, std::size_t bytes) const override {
    default_copy_data(to, from, bytes);
  }
  std::int64_t peak() const { return peak_; }

 private:
  static void release(void* data) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      const auto block = sizes_.find(data);  // not there if older than this allocator
      if (block != sizes_.end()) {
        current_ -= block->second;
        sizes_.erase(block);
      }
    }
    c10::GetDefaultCPUAllocator()->raw_deallocate(data);
  }

  static inline std::mutex mutex_;
  static inline std::unordered_map<void*, std::int64_t> sizes_;
  static inline std::int64_t current_ = 0;
  static inline std::int64_t peak_ = 0;
};

constexpr std::int64_t kSide = 256;  // pixels
constexpr double kWidths = 8.0;      // 270M has eight times the channels of the tiny network

template <typename Call>
double peak_bytes(Call call) {
  call();  // what is built once does not count
  const CountingAllocator allocator;
  call();
  return static_cast<double>(allocator.peak());
}

class MovqganMemory : public ::testing::Test {
 protected:
  static double at_side(double tiny_bytes, double side) {
    return tiny_bytes * kWidths * (side / kSide) * (side / kSide);
  }
  double decode_peak(at::ScalarType dtype) {
    vision::MovqganOptions options;
    options.decoder_dtype = dtype;
    const vision::Movqgan network(weights_, options);
    const at::Tensor codes = at::zeros({1, kSide / 8, kSide / 8}, at::kLong);
    return peak_bytes([&] { network.decode(codes); });
  }

  const checkpoint::WeightSet weights_ = movqgan_weights(vision::movqgan_tiny());
};

TEST_F(MovqganMemory, decode_stays_within_the_lean_schedule) {
  const double peak = decode_peak(at::kFloat);
  RecordProperty("decode_768_bytes", std::to_string(at_side(peak, 768)));
  EXPECT_LT(at_side(peak, 768), 2.9e9);
  EXPECT_LT(at_side(peak, 1024), 5.1e9);
  EXPECT_GT(at_side(peak, 768), 2.0e9);  // the counter does count
}

TEST_F(MovqganMemory, decode_in_bfloat16_needs_half) {
  EXPECT_LT(decode_peak(at::kBFloat16), 0.6 * decode_peak(at::kFloat));
}

TEST_F(MovqganMemory, encode_stays_within_the_lean_schedule) {
  const vision::Movqgan network(weights_);
  const at::Tensor image = recipe_image("input", 1, kSide, kSide);
  const double peak = peak_bytes([&] { network.encode(image); });
  RecordProperty("encode_768_bytes", std::to_string(at_side(peak, 768)));
  EXPECT_LT(at_side(peak, 768), 2.0e9);
  EXPECT_GT(at_side(peak, 768), 1.0e9);
}

TEST_F(MovqganMemory, estimate_is_never_too_low_and_not_far_too_high) {
  const auto config = vision::movqgan_tiny();
  const std::int64_t cells = kSide / 8;
  const auto expect_close = [](double estimate, double measured) {
    EXPECT_GE(estimate, measured);
    EXPECT_LE(estimate, 1.5 * measured);
  };
  for (const auto dtype : {at::kFloat, at::kBFloat16}) {
    const auto size = static_cast<std::int64_t>(c10::elementSize(dtype));
    expect_close(static_cast<double>(vision::decode_working_bytes(config, cells, cells, size)),
                 decode_peak(dtype));
  }
  const vision::Movqgan network(weights_);
  const at::Tensor image = recipe_image("input", 1, kSide, kSide);
  expect_close(static_cast<double>(vision::encode_working_bytes(config, cells, cells)),
               peak_bytes([&] { network.encode(image); }));
  EXPECT_LT(vision::decode_working_bytes(vision::movqgan_270m(), 96, 96), 3'200'000'000);
}

TEST_F(MovqganMemory, weights_stay_where_they_are) {
  double total = 0;
  for (const auto& [name, view] : weights_.tensors())
    total += 4.0 * static_cast<double>(view.numel());
  const double peak = peak_bytes([&] { const vision::Movqgan network(weights_); });
  EXPECT_LT(peak, 0.01 * total);
}

}  // namespace
}  // namespace lumina::testing
