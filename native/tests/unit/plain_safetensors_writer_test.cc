// The streaming writer: its files read back, and nothing remains of a file that was not finished.
#include <gtest/gtest.h>

#include <filesystem>

#include "checkpoint/safetensors_writer.h"
#include "checkpoint/shards.h"
#include "checkpoint/weight_set.h"
#include "support/expect_error.h"
#include "support/file_size_limit.h"
#include "support/temporary_folder.h"

namespace lumina::checkpoint {
namespace {

using lumina::testing::expect_error;
using lumina::testing::FileSizeLimit;
using lumina::testing::read_bytes;
using lumina::testing::TemporaryFolder;

TEST(SafetensorsWriterTest, writes_what_the_reader_reads) {
  const TemporaryFolder folder;
  const std::string path = folder.path("w.safetensors");
  const std::vector<float> floats = {1, 2, 3, 4, 5, 6};
  const std::vector<std::int8_t> bytes = {-1, 2, -3};
  {
    // The odd-sized bytes come first in the declaration, the floats must still be aligned.
    SafetensorsWriter writer(path,
                             {{"bytes", DType::kInt8, {3}},
                              {"floats", DType::kFloat32, {2, 3}},
                              {"none", DType::kBFloat16, {0}}},
                             {{"format", "pt"}});
    EXPECT_FALSE(std::filesystem::exists(path));
    writer.append("bytes", bytes.data(), 3);
    writer.append("floats", floats.data(), 8);
    writer.append("floats", floats.data() + 2, 16);
    writer.finish();
  }
  EXPECT_EQ(folder.entries(), std::vector<std::string>{"w.safetensors"});
  const WeightSet set = WeightSet::open(path);
  ASSERT_EQ(set.tensors().size(), 3u);
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(static_cast<const float*>(set.get("floats").data)[i], floats[i]);
  }
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(static_cast<const std::int8_t*>(set.get("bytes").data)[i], bytes[i]);
  }
  const std::string file = read_bytes(path);
  EXPECT_EQ(static_cast<unsigned char>(file[0]) % 8, 0);
  EXPECT_NE(file.find(R"("__metadata__":{"format":"pt"})"), std::string::npos);
}

TEST(SafetensorsWriterTest, leaves_nothing_when_destroyed_before_the_end) {
  const TemporaryFolder folder;
  {
    SafetensorsWriter writer(folder.path("w.safetensors"), {{"x", DType::kUInt8, {4}}});
    writer.append("x", "123", 3);
    EXPECT_EQ(folder.entries().size(), 1u);  // the temporary file
    expect_error(ErrorCode::kInvalidArgument, R"(tensor "x" lacks 1 bytes)",
                 [&] { writer.finish(); });
  }
  EXPECT_TRUE(folder.entries().empty());
}

TEST(SafetensorsWriterTest, keeps_the_old_file_until_the_new_one_is_whole) {
  const TemporaryFolder folder;
  const std::string path = folder.write("w.safetensors", "old");
  SafetensorsWriter writer(path, {{"x", DType::kUInt8, {4}}});
  EXPECT_EQ(read_bytes(path), "old");
  writer.append("x", "1234", 4);
  writer.finish();
  EXPECT_NE(WeightSet::open(path).find("x"), nullptr);
}

TEST(SafetensorsWriterTest, refuses_bad_declarations_and_data) {
  const TemporaryFolder folder;
  const std::string path = folder.path("w.safetensors");
  const auto expect_refused = [&](const std::vector<TensorDeclaration>& tensors,
                                  const std::string& text) {
    expect_error(ErrorCode::kInvalidArgument, path + ": " + text,
                 [&] { SafetensorsWriter writer(path, tensors); });
  };
  expect_refused({{"x", DType::kUInt8, {1}}, {"x", DType::kUInt8, {1}}},
                 R"(tensor "x" is declared twice)");
  expect_refused({{"__metadata__", DType::kUInt8, {1}}}, R"(tensor "__metadata__" is declared)");
  expect_refused({{"x", DType::kUInt8, {-1}}}, R"(tensor "x" cannot have the shape [-1])");
  const std::int64_t huge = std::int64_t{1} << 32;
  expect_refused({{"x", DType::kUInt8, {huge, huge}}}, R"(tensor "x" cannot have the shape)");
  {
    SafetensorsWriter writer(path, {{"x", DType::kUInt8, {2}}});
    expect_error(ErrorCode::kInvalidArgument, R"(tensor "y" was not declared)",
                 [&] { writer.append("y", "1", 1); });
    expect_error(ErrorCode::kInvalidArgument, R"(tensor "x" has more data than declared)",
                 [&] { writer.append("x", "123", 3); });
  }
  EXPECT_TRUE(folder.entries().empty());
}

TEST(SafetensorsWriterTest, reports_a_folder_that_is_missing) {
  const TemporaryFolder folder;
  const std::string path = folder.path("none/w.safetensors");
  expect_error(ErrorCode::kIo, path + ": cannot be written: No such file",
               [&] { SafetensorsWriter writer(path, {}); });
}

TEST(SafetensorsWriterTest, reports_a_disk_that_takes_no_more_and_leaves_nothing) {
  const TemporaryFolder folder;
  const std::vector<char> data(1 << 20);
  std::string message;
  int code = 0;
  {
    const FileSizeLimit limit(100'000);
    try {
      SafetensorsWriter writer(folder.path("w.safetensors"), {{"x", DType::kUInt8, {1 << 20}}});
      writer.append("x", data.data(), data.size());
    } catch (const Error& error) {
      message = error.what();
      code = static_cast<int>(error.code());
    }
  }
  EXPECT_EQ(code, static_cast<int>(ErrorCode::kIo));
  EXPECT_NE(message.find("w.safetensors: cannot be written: File too large"), std::string::npos)
      << message;
  EXPECT_TRUE(folder.entries().empty());
}

TEST(AtomicFileTest, replaces_a_text_file_and_reports_a_folder_in_its_place) {
  const TemporaryFolder folder;
  write_text_file(folder.path("a.txt"), "one");
  write_text_file(folder.path("a.txt"), "two");
  EXPECT_EQ(read_bytes(folder.path("a.txt")), "two");
  std::filesystem::create_directory(folder.path("b"));
  expect_error(ErrorCode::kIo, "b: cannot be written",
               [&] { write_text_file(folder.path("b"), "x"); });
  EXPECT_EQ(folder.entries(), (std::vector<std::string>{"a.txt", "b"}));
}

// Tensors of the released 7B model in file order (docs/spec/model.md section 2).
std::vector<TensorSpec> released_tensors() {
  const std::int64_t vocab = 171385, hidden = 4096, inner = 11008;
  std::vector<TensorSpec> tensors = {{"model.embed_tokens.weight", {vocab, hidden}}};
  for (int i = 0; i < 32; ++i) {
    const std::string layer = "model.layers." + std::to_string(i) + ".";
    for (const char* name : {"q_proj", "k_proj", "v_proj", "o_proj"}) {
      tensors.push_back({layer + "self_attn." + name + ".weight", {hidden, hidden}});
    }
    for (const char* name : {"q_norm.weight", "q_norm.bias", "k_norm.weight", "k_norm.bias"}) {
      tensors.push_back({layer + "self_attn." + name, {1, 128}});
    }
    tensors.push_back({layer + "mlp.gate_proj.weight", {inner, hidden}});
    tensors.push_back({layer + "mlp.up_proj.weight", {inner, hidden}});
    tensors.push_back({layer + "mlp.down_proj.weight", {hidden, inner}});
    tensors.push_back({layer + "input_layernorm.weight", {hidden}});
    tensors.push_back({layer + "post_attention_layernorm.weight", {hidden}});
  }
  tensors.push_back({"model.norm.weight", {hidden}});
  tensors.push_back({"lm_head.weight", {vocab, hidden}});
  return tensors;
}

TEST(ShardsTest, splits_the_released_model_as_it_was_released) {
  const auto shards = plan_shards(released_tensors(), DType::kBFloat16, 5'000'000'000);
  ASSERT_EQ(shards.size(), 4u);
  // docs/spec/model.md 1.3
  EXPECT_EQ(shards[0].bytes, 4'956'701'696u);
  EXPECT_EQ(shards[1].bytes, 4'980'961'280u);
  EXPECT_EQ(shards[2].bytes, 4'418'898'944u);
  EXPECT_EQ(shards[3].bytes, 1'403'985'920u);
  EXPECT_EQ(shards[0].tensors.back().name, "model.layers.8.mlp.up_proj.weight");
  EXPECT_EQ(shards[1].tensors.back().name, "model.layers.21.self_attn.q_proj.weight");
  EXPECT_EQ(shards[3].file, "model-00004-of-00004.safetensors");
  const std::string index = shard_index_json(shards);
  EXPECT_EQ(index.size(), 34'406u);  // the released file's size
  EXPECT_NE(index.find("\"total_size\": 15760547840"), std::string::npos);
}

TEST(ShardsTest, one_shard_has_the_plain_name) {
  const auto shards = plan_shards({{"a", {2}}, {"b", {2}}}, DType::kFloat32, 16);
  ASSERT_EQ(shards.size(), 1u);
  EXPECT_EQ(shards[0].file, "model.safetensors");
  EXPECT_EQ(plan_shards({{"a", {2}}, {"b", {2}}}, DType::kFloat32, 15).size(), 2u);
  EXPECT_EQ(plan_shards({{"a", {2}}, {"b", {2}}}, DType::kFloat32, 1).size(), 2u);
  expect_error(ErrorCode::kInvalidArgument, R"(tensor "a" cannot have the shape [-2])", [] {
    plan_shards({{"a", {-2}}}, DType::kFloat32, 16);
  });
}

}  // namespace
}  // namespace lumina::checkpoint
