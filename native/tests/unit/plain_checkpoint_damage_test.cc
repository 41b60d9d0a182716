// Thousands of damaged files, the same ones on every run: each either reads or is refused with an
// Error; nothing crashes, hangs or reaches outside the file (which the sanitizers watch).
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <random>

#include "checkpoint/model_config.h"
#include "checkpoint/weight_set.h"
#include "lumina/status.h"
#include "support/safetensors_bytes.h"
#include "support/temporary_folder.h"
#include "support/torch_archive_builder.h"

namespace lumina::checkpoint {
namespace {

using lumina::testing::PickleBuilder;
using lumina::testing::raw_bytes;
using lumina::testing::safetensors_bytes;
using lumina::testing::TemporaryFolder;
using lumina::testing::ZipBuilder;
using lumina::testing::ZipOptions;

constexpr int kRounds = 3000;

std::string safetensors_file() {
  return safetensors_bytes(R"({"__metadata__":{"format":"pt"},)"
                           R"("a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
                           R"("b":{"dtype":"BF16","shape":[4],"data_offsets":[24,32]}})",
                           std::string(32, '\x11'));
}

std::string torch_file(bool zip64) {
  ZipOptions options;
  options.zip64 = zip64;
  options.align = 8;
  const std::string pickle = PickleBuilder()
                                 .raw("}")
                                 .text("state_dict")
                                 .begin_ordered_dict()
                                 .text("w")
                                 .raw("q\1")
                                 .tensor("FloatStorage", "0", 6, 0, {2, 3}, {3, 1})
                                 .text("v")
                                 .tensor("LongStorage", "1", 2, 1, {1}, {1})
                                 .end_items()
                                 .raw("s")
                                 .build();
  return ZipBuilder(options)
      .add("a/data.pkl", pickle)
      .add("a/data/0", raw_bytes<float>({0, 1, 2, 3, 4, 5}))
      .add("a/data/1", raw_bytes<std::int64_t>({7, 8}))
      .add("a/byteorder", "little")
      .build();
}

// One of: bytes changed, a bit flipped, cut short, a piece removed, a piece doubled.
std::string damage(const std::string& whole, std::mt19937& random) {
  const auto below = [&](std::size_t limit) { return random() % limit; };
  const unsigned char kInteresting[] = {0x00, 0x01, 0x7f, 0x80, 0xff, '0', '9', '-', '"', '}', '.'};
  std::string bytes = whole;
  switch (below(5)) {
    case 0:
      for (std::size_t i = 0, count = 1 + below(8); i < count; ++i) {
        bytes[below(bytes.size())] = static_cast<char>(kInteresting[below(sizeof kInteresting)]);
      }
      break;
    case 1:
      for (std::size_t i = 0, count = 1 + below(3); i < count; ++i) {
        bytes[below(bytes.size())] ^= static_cast<char>(1u << below(8));
      }
      break;
    case 2: bytes.resize(below(bytes.size())); break;
    case 3: bytes.erase(below(bytes.size()), 1 + below(16)); break;
    default: {
      const std::size_t from = below(bytes.size());
      bytes.insert(below(bytes.size()), bytes.substr(from, 1 + below(16)));
    }
  }
  return bytes;
}

// Touches every byte that a view says it has.
std::uint64_t sum_of_bytes(const TensorView& view) {
  const std::size_t size = element_size(view.dtype);
  std::int64_t last = 0;
  for (std::size_t d = 0; d < view.shape.size(); ++d) {
    if (view.shape[d] == 0) return 0;
    last += (view.shape[d] - 1) * view.strides[d];
  }
  const auto* bytes = static_cast<const unsigned char*>(view.data);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < (static_cast<std::size_t>(last) + 1) * size; ++i) sum += bytes[i];
  return sum;
}

void read_damaged(const std::string& whole, unsigned seed) {
  const TemporaryFolder folder;
  std::mt19937 random(seed);  // the standard fixes its sequence
  int read = 0;
  int refused = 0;
  std::uint64_t sum = 0;
  for (int round = 0; round < kRounds; ++round) {
    const std::string path = folder.write("w", damage(whole, random));
    try {
      const WeightSet set = WeightSet::open(path);
      for (const auto& [name, view] : set.tensors()) sum += sum_of_bytes(view);
      ++read;
    } catch (const Error& error) {
      ++refused;
      ASSERT_EQ(static_cast<int>(error.code()), static_cast<int>(ErrorCode::kCheckpoint))
          << error.what();
      ASSERT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    }
  }
  EXPECT_GT(refused, kRounds / 4);  // most damage is found; that in weights cannot be
  EXPECT_GT(read, kRounds / 100);
  EXPECT_GT(sum, 0u);
}

TEST(CheckpointDamageTest, safetensors) { read_damaged(safetensors_file(), 1); }
TEST(CheckpointDamageTest, torch_archive) { read_damaged(torch_file(false), 2); }
TEST(CheckpointDamageTest, torch_archive_zip64) { read_damaged(torch_file(true), 3); }

TEST(CheckpointDamageTest, config) {
  const std::string whole = ModelConfig().to_json();
  std::mt19937 random(4);
  int refused = 0;
  for (int round = 0; round < kRounds; ++round) {
    try {
      ModelConfig::parse(damage(whole, random), "config.json");
    } catch (const Error& error) {
      ++refused;
      ASSERT_EQ(static_cast<int>(error.code()), static_cast<int>(ErrorCode::kCheckpoint))
          << error.what();
    }
  }
  EXPECT_GT(refused, kRounds / 4);
}

// Every length of each file: only the whole one reads.
TEST(CheckpointDamageTest, every_truncation_is_refused) {
  const TemporaryFolder folder;
  for (const std::string& whole : {safetensors_file(), torch_file(false), torch_file(true)}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const std::string path = folder.write("w", whole.substr(0, size));
      EXPECT_THROW(WeightSet::open(path), Error) << size;
    }
    WeightSet::open(folder.write("w", whole));
  }
}

}  // namespace
}  // namespace lumina::checkpoint
