// Training data as the reference's pre_tokenize.py and concat_record.py write it.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "support/expect_error.h"
#include "support/safetensors_bytes.h"
#include "support/temporary_folder.h"
#include "training/token_records.h"

namespace lumina::training {
namespace {

using lumina::testing::expect_error;
using lumina::testing::little_endian;
using lumina::testing::TemporaryFolder;

struct Example {
  std::vector<std::int32_t> tokens;
  std::vector<std::int32_t> labels;
};

// As Python's pickle writes {"token": [..], "label": [..], "id": n} with protocol 4.
std::string pickled(const Example& example, int id) {
  const auto list = [](const std::vector<std::int32_t>& numbers) {
    std::string bytes = "]\x94(";
    for (const auto number : numbers) {
      bytes += number >= 0 && number < 256 ? "K" + little_endian(number, 1)
                                           : "J" + little_endian(number, 4);
    }
    return bytes + "e";
  };
  const std::string body = "}\x94(\x8c\5token\x94" + list(example.tokens) + "\x8c\5label\x94" +
                           list(example.labels) + "\x8c\2id\x94K" + little_endian(id, 1) + "u.";
  return "\x80\x04\x95" + little_endian(body.size(), 8) + body;
}

class PreTokenised : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_.path("files"));
    for (int i = 0; i < 3; ++i) {
      folder_.write("files/" + std::to_string(i) + ".pkl", pickled(examples_[i], i));
    }
  }

  // Records in the order of `numbers`.
  void expect_examples(const std::string& path, const std::vector<int>& numbers = {0, 1, 2}) {
    const TokenRecords records(path, 2048);
    ASSERT_EQ(records.count(), static_cast<std::int64_t>(numbers.size())) << path;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const Example& example = examples_[numbers[i]];
      const TokenRecord record = records[static_cast<std::int64_t>(i)];
      EXPECT_EQ(record.length, records.length(static_cast<std::int64_t>(i)));
      EXPECT_EQ(std::vector<std::int32_t>(record.tokens, record.tokens + record.length),
                example.tokens);
      EXPECT_EQ(std::vector<std::int32_t>(record.labels, record.labels + record.length),
                example.labels);
    }
  }

  std::string listing(const std::string& name, const std::vector<std::string>& files, bool lines) {
    nlohmann::json list = nlohmann::json::array();
    std::string text;
    for (const auto& file : files) {
      list.push_back({{"file", file}, {"len", 5}, {"id", 0}});
      text += list.back().dump() + "\n";
    }
    return folder_.write(name, lines ? text : list.dump());
  }

  void refuse(const std::string& path, const std::string& reason) {
    expect_error(ErrorCode::kCheckpoint, reason, [&] { TokenRecords(path, 2048); });
  }

  TemporaryFolder folder_;
  std::vector<Example> examples_ = {{{1, 900, 2000}, {-100, 900, 2000}},
                                    {{5, 6}, {-100, 6}},
                                    {{7, 8, 9, 300}, {-100, -100, 9, 300}}};
};

TEST_F(PreTokenised, ReadsListingsAndPickles) {
  const std::vector<std::string> files = {"files/0.pkl", "files/1.pkl", "files/2.pkl"};
  expect_examples(listing("record.json", files, false));
  expect_examples(listing("0-of-1-record.jsonl", files, true));
  expect_examples(folder_.path("files"));
  expect_examples(folder_.path("files/1.pkl"), {1});
  // As named from where the reference ran, and on another machine.
  expect_examples(listing("moved.json", {"out/set/files/2.pkl", "out/set/files/0.pkl"}, false),
                  {2, 0});
  expect_examples(listing("far.json", {"/no/such/disk/files/1.pkl"}, false), {1});
  expect_examples(listing("near.json", {folder_.path("files/1.pkl")}, false), {1});
}

TEST_F(PreTokenised, ReadsTheListingsOfAFolderByNumber) {
  listing("10-of-11-record.jsonl", {"files/2.pkl"}, true);
  listing("9-of-11-record.jsonl", {"files/1.pkl"}, true);
  expect_examples(folder_.path(), {1, 2});
}

TEST_F(PreTokenised, NamesTheFileAndTheItemThatIsBad) {
  refuse(listing("a.json", {"files/0.pkl", "files/9.pkl"}, false),
         R"(a.json: item 1 names "files/9.pkl", which is neither there nor beside this file)");
  folder_.write("files/9.pkl", pickled({{1, 4000}, {-100, 4000}}, 9));
  refuse(listing("b.jsonl", {"files/0.pkl", "files/9.pkl"}, true), "b.jsonl: line 2 (");
  refuse(listing("b.jsonl", {"files/9.pkl"}, true),
         "9.pkl) has token 4000, outside the vocabulary");
  folder_.write("files/9.pkl", "\x80\x04}\x94(\x8c\5tokenKMu.");
  refuse(folder_.path("files/9.pkl"), "9.pkl: ");
  folder_.write("files/9.pkl", "\x80\x04}\x94\x8c\5tokenK\1s.");
  refuse(listing("c.json", {"files/9.pkl"}, false),
         "9.pkl: has a `token` that is no list of integers but an integer");
  folder_.write("files/9.pkl", "\x80\x04\x8c\2os\x8c\6system\x93\x8c\4true\x85R.");
  refuse(folder_.path("files/9.pkl"), "is a pickle of no token record but made by os.system");
  folder_.write("files/9.pkl", "version https://git-lfs.github.com/spec/v1\n");
  refuse(folder_.path("files/9.pkl"), "9.pkl: is a Git LFS pointer");
  folder_.write("files/9.pkl", pickled(examples_[0], 9).substr(0, 40));
  refuse(folder_.path("files/9.pkl"), "9.pkl: the pickle is truncated");
  refuse(folder_.write("d.json", "{}"), "d.json: is not a JSON list of token records");
  refuse(folder_.write("e.json", R"([{"id": 3}])"), "e.json: item 0 is no object with the lists");
}

TEST_F(PreTokenised, NoticesAFileThatChangesWhileItTrains) {
  const TokenRecords records(listing("record.json", {"files/0.pkl"}, false), 2048);
  folder_.write("files/0.pkl", pickled({{1, 2}, {-100, 2}}, 0));
  expect_error(ErrorCode::kCheckpoint, "0.pkl: has changed since the training began",
               [&] { records[0]; });
}

TEST(TokenRecords, ReadsSafetensorsThatAreNotAligned) {
  const TemporaryFolder folder;
  const std::string header = R"({"tokens":{"dtype":"I32","shape":[2],"data_offsets":[0,8]},)"
                             R"("labels":{"dtype":"I32","shape":[2],"data_offsets":[8,16]},)"
                             R"("offsets":{"dtype":"I64","shape":[2],"data_offsets":[16,32]}})";
  using lumina::testing::raw_bytes;
  const std::string data = raw_bytes<std::int32_t>({5, 6}) + raw_bytes<std::int32_t>({-100, 6}) +
                           raw_bytes<std::int64_t>({0, 2});
  for (int blanks = 0; blanks < 8; ++blanks) {
    const std::string padded = header + std::string(blanks, ' ');
    const TokenRecords records(
        folder.write("r.safetensors", little_endian(padded.size(), 8) + padded + data), 100);
    ASSERT_EQ(records.count(), 1);
    EXPECT_EQ(records[0].tokens[1], 6);
    EXPECT_EQ(records[0].labels[0], -100);
  }
}

}  // namespace
}  // namespace lumina::training
