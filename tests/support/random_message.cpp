#include "support/random_message.h"

#include <concepts>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/assert.h"
#include "base/bytes.h"
#include "protocol/field.h"

namespace streamscope::support {

namespace {

using protocol::FieldRule;

/// Fills the fields of one struct.
template <class Struct>
class StructFiller {
 public:
  StructFiller(Struct& target, int16_t version, base::Random& random)
      : m_target(target), m_version(version), m_random(random) {}

  template <class Value>
  void operator()(std::string_view, Value Struct::*member, FieldRule rule) {
    if (!rule.isIn(m_version)) return;
    // A tagged field is left at its default half of the time.
    if (rule.isTagged() && m_random.chance(1, 2)) return;
    fill(m_target.*member, rule);
  }

 private:
  void fill(bool& value, FieldRule) { value = m_random.chance(1, 2); }
  template <std::integral Integer>
  void fill(Integer& value, FieldRule) {
    using Limits = std::numeric_limits<Integer>;
    constexpr Integer kEdges[] = {0, 1, Limits::min(), Limits::max()};
    value = m_random.chance(1, 16) ? kEdges[m_random.below(4)] : static_cast<Integer>(m_random.next());
  }
  void fill(double& value, FieldRule) { value = static_cast<double>(m_random.below(1'000'000)) / 8; }
  void fill(base::Uuid& value, FieldRule) { value = m_random.uuid(); }
  void fill(std::string& value, FieldRule) {
    static constexpr std::string_view kPieces[] = {"orders",           "-", "7", "\xc3\xbc", "\xe2\x82\xac",
                                                   "\xf0\x9f\x90\x98", "\""};
    value.clear();
    for (uint64_t count = m_random.below(6); count > 0; --count) value += kPieces[m_random.below(std::size(kPieces))];
    if (m_random.chance(1, 50)) value.append(300, 'x');
  }
  void fill(base::SharedBytes& value, FieldRule) {
    base::Bytes bytes(m_random.below(200));
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(m_random.next());
    value = base::SharedBytes(std::move(bytes));
  }
  template <class Element>
  void fill(std::vector<Element>& elements, FieldRule rule) {
    elements.resize(m_random.below(4));
    for (Element& element : elements) fill(element, rule);
  }
  template <class Value>
  void fill(std::optional<Value>& value, FieldRule rule) {
    value.reset();
    if (rule.isNullable(m_version) && m_random.chance(1, 3)) return;
    fill(value.emplace(), rule);
  }
  template <class Inner>
  requires requires { &Inner::template fields<int>; }
  void fill(Inner& value, FieldRule) {
    StructFiller<Inner> filler(value, m_version, m_random);
    Inner::fields(filler);
  }

  Struct& m_target;
  int16_t m_version;
  base::Random& m_random;
};

template <class Message>
Message randomOf(int16_t version, base::Random& random) {
  Message message;
  StructFiller<Message> filler(message, version, random);
  Message::fields(filler);
  return message;
}

/// Calls `action` with a default-made value of each alternative of a variant and its position.
template <class Variant, class Action>
void forEachAlternative(Action action) {
  [&]<size_t... Index>(std::index_sequence<Index...>) {
    (action(Index, std::variant_alternative_t<Index, Variant>{}), ...);
  }
  (std::make_index_sequence<std::variant_size_v<Variant>>{});
}

template <class Body>
Body randomBody(protocol::ApiKey key, int16_t version, base::Random& random) {
  std::optional<Body> body;
  forEachAlternative<Body>([&]<class Message>(size_t, const Message&) {
    if (Message::kInfo.apiKey == static_cast<int16_t>(key)) body = randomOf<Message>(version, random);
  });
  STREAMSCOPE_ASSERT(body.has_value());
  return *body;
}

}  // namespace

protocol::RequestBody randomRequest(protocol::ApiKey key, int16_t version, base::Random& random) {
  return randomBody<protocol::RequestBody>(key, version, random);
}

protocol::ResponseBody randomResponse(protocol::ApiKey key, int16_t version, base::Random& random) {
  return randomBody<protocol::ResponseBody>(key, version, random);
}

protocol::MetadataRecord randomMetadataRecord(size_t alternative, int16_t version, base::Random& random) {
  protocol::MetadataRecord record;
  forEachAlternative<protocol::MetadataRecord>([&]<class Record>(size_t index, const Record&) {
    if (index == alternative) record = randomOf<Record>(version, random);
  });
  return record;
}

protocol::ControlRecord randomControlRecord(size_t alternative, int16_t version, base::Random& random) {
  protocol::ControlRecord record;
  forEachAlternative<protocol::ControlRecord>([&]<class Record>(size_t index, const Record&) {
    if (index != alternative) return;
    Record body = randomOf<Record>(version, random);
    body.version = version;
    record = std::move(body);
  });
  return record;
}

std::vector<protocol::ApiKey> everyApi() {
  std::vector<protocol::ApiKey> keys;
  forEachAlternative<protocol::RequestBody>([&]<class Message>(size_t, const Message&) {
    keys.push_back(static_cast<protocol::ApiKey>(Message::kInfo.apiKey));
  });
  return keys;
}

protocol::MessageInfo requestInfo(protocol::ApiKey key) {
  protocol::MessageInfo info;
  forEachAlternative<protocol::RequestBody>([&]<class Message>(size_t, const Message&) {
    if (Message::kInfo.apiKey == static_cast<int16_t>(key)) info = Message::kInfo;
  });
  return info;
}

protocol::MessageInfo metadataRecordInfo(size_t alternative) {
  protocol::MessageInfo info;
  forEachAlternative<protocol::MetadataRecord>([&]<class Record>(size_t index, const Record&) {
    if (index == alternative) info = Record::kInfo;
  });
  return info;
}

}  // namespace streamscope::support
