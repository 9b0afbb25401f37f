#include "protocol/error_answer.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "alternatives.h"
#include "protocol/field.h"

namespace streamscope::protocol {

namespace {

/// What tells the elements of an array apart, in requests and in responses.
struct Keys {
  std::optional<std::string> name;
  std::optional<base::Uuid> id;
  std::optional<int32_t> partition;
  /// Goes with the name of a resource that has configs.
  std::optional<int8_t> resourceType;

  bool operator==(const Keys&) const = default;
  /// Both name things of the same sort.
  bool isLike(const Keys& other) const {
    return partition || other.partition ? partition && other.partition : (name && other.name) || (id && other.id);
  }
  bool isOfTopic(const PartitionReference& reference) const {
    return (name && !name->empty() && *name == reference.topic) || (id && !id->isZero() && *id == reference.topicId);
  }
};

bool isNameField(std::string_view field) {
  return field == "Name" || field == "Topic" || field == "TopicName" || field == "Key" || field == "ResourceName" ||
         field == "GroupId";
}
bool isPartitionField(std::string_view field) {
  return field == "PartitionIndex" || field == "Partition" || field == "Index";
}

template <class Value>
inline constexpr bool kIsStruct = requires {
  &Value::template fields<int>;
};

template <class Value>
struct ArrayOf {
  static constexpr bool kIsStructs = false, kIsStrings = false, kIsNumbers = false;
};
template <class Element>
struct ArrayOf<std::vector<Element>> {
  static constexpr bool kIsStructs = kIsStruct<Element>, kIsStrings = std::is_same_v<Element, std::string>,
                        kIsNumbers = std::is_same_v<Element, int32_t>;
};
template <class Value>
struct IsVector : std::false_type {};
template <class Element>
struct IsVector<std::vector<Element>> : std::true_type {};
/// An array that may be null counts when it is there.
template <class Element>
struct ArrayOf<std::optional<std::vector<Element>>> : ArrayOf<std::vector<Element>> {};

template <class Element>
const std::vector<Element>& elementsOf(const std::vector<Element>& array) {
  return array;
}
template <class Element>
const std::vector<Element>& elementsOf(const std::optional<std::vector<Element>>& array) {
  static const std::vector<Element> kNone;
  return array ? *array : kNone;
}

template <class Struct, class Visit>
void eachField(Struct& value, Visit visit) {
  const auto visitor = [&](std::string_view name, auto member, FieldRule) { visit(name, value.*member); };
  std::remove_const_t<Struct>::fields(visitor);
}

template <class Struct>
Keys keysOf(const Struct& value) {
  Keys keys;
  eachField(value, [&]<class Field>(std::string_view name, const Field& field) {
    if constexpr (std::is_same_v<Field, std::string> || std::is_same_v<Field, std::optional<std::string>>) {
      if (!isNameField(name) || keys.name) return;
      if constexpr (std::is_same_v<Field, std::string>)
        keys.name = field;
      else
        keys.name = field.value_or("");
    } else if constexpr (std::is_same_v<Field, base::Uuid>) {
      if (name == "TopicId") keys.id = field;
    } else if constexpr (std::is_same_v<Field, int32_t>) {
      if (isPartitionField(name)) keys.partition = field;
    } else if constexpr (std::is_same_v<Field, int8_t>) {
      if (name == "ResourceType") keys.resourceType = field;
    }
  });
  return keys;
}

template <class Struct>
void setKeys(Struct& value, const Keys& keys) {
  eachField(value, [&]<class Field>(std::string_view name, Field& field) {
    if constexpr (std::is_same_v<Field, std::string> || std::is_same_v<Field, std::optional<std::string>>) {
      if (isNameField(name) && keys.name) field = *keys.name;
    } else if constexpr (std::is_same_v<Field, base::Uuid>) {
      if (name == "TopicId" && keys.id) field = *keys.id;
    } else if constexpr (std::is_same_v<Field, int32_t>) {
      if (isPartitionField(name) && keys.partition) field = *keys.partition;
    } else if constexpr (std::is_same_v<Field, int8_t>) {
      if (name == "ResourceType" && keys.resourceType) field = *keys.resourceType;
    }
  });
}

/// The struct, or what its arrays have inside, has an ErrorCode.
template <class Struct>
bool hasErrorCode() {
  bool has = false;
  Struct sample;
  eachField(sample, [&]<class Field>(std::string_view name, Field&) {
    if constexpr (std::is_same_v<Field, int16_t>) {
      has |= name == "ErrorCode";
    } else if constexpr (ArrayOf<Field>::kIsStructs) {
      has |= hasErrorCode<typename std::decay_t<decltype(elementsOf(std::declval<Field&>()))>::value_type>();
    }
  });
  return has;
}

/// An element of an array of plain names.
struct NamedThing {
  std::string name;
  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Name", &NamedThing::name, since(0));
  }
};

/// Of an array of partition numbers.
struct NumberedThing {
  int32_t partition = 0;
  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Partition", &NumberedThing::partition, since(0));
  }
};

enum class Where : uint8_t { Everywhere, PartitionsOnly };

class Filler {
 public:
  Filler(base::ErrorCode error, Where where) : m_error(static_cast<int16_t>(error)), m_where(where) {}

  template <class Request, class Response>
  void fill(const Request& request, Response& response) const {
    const bool isFilled = m_where == Where::Everywhere || keysOf(response).partition.has_value();
    eachField(response, [&]<class Field>(std::string_view name, Field& field) {
      if constexpr (std::is_same_v<Field, int16_t>) {
        if (name == "ErrorCode" && isFilled) field = m_error;
      } else if constexpr (IsVector<Field>::value && ArrayOf<Field>::kIsStructs) {
        fillArray(request, field);
      }
    });
  }

 private:
  /// From the first array of the request that names the same sort of things.
  template <class Request, class Element>
  void fillArray(const Request& request, std::vector<Element>& into) const {
    if (!hasErrorCode<Element>()) return;
    const size_t before = into.size();
    eachField(request, [&]<class Field>(std::string_view, const Field& field) {
      if (into.size() != before) return;
      if constexpr (ArrayOf<Field>::kIsStructs) {
        for (const auto& source : elementsOf(field)) addElement(source, into);
      } else if constexpr (ArrayOf<Field>::kIsStrings) {
        for (const std::string& name : elementsOf(field)) addElement(NamedThing{name}, into);
      } else if constexpr (ArrayOf<Field>::kIsNumbers) {
        for (const int32_t number : elementsOf(field)) addElement(NumberedThing{number}, into);
      }
    });
  }
  template <class Source, class Element>
  void addElement(const Source& source, std::vector<Element>& into) const {
    const Keys keys = keysOf(source);
    // What the request sorts by something else (directories), the response does not.
    if (!keysOf(Element{}).isLike(keys)) return fillArray(source, into);
    setKeys(into.emplace_back(), keys);
    fill(source, into.back());
  }

  int16_t m_error;
  Where m_where;
};

/// Found by the compiler: a filler for each request with each response would be two thousand.
template <class Request, class Responses>
struct AnswerTo;
template <class Request, class... Responses>
struct AnswerTo<Request, std::variant<Responses...>> {
  static constexpr size_t index() {
    size_t at = 0;
    for (const int16_t key : {Responses::kInfo.apiKey...}) {
      if (key == Request::kInfo.apiKey) break;
      ++at;
    }
    return at;
  }
  using Type = std::variant_alternative_t<index(), std::variant<Responses...>>;
};

ResponseBody answer(const RequestBody& request, base::ErrorCode error, Where where) {
  return std::visit(
      [&]<class Request>(const Request& given) -> ResponseBody {
        typename AnswerTo<Request, ResponseBody>::Type response;
        Filler(error, where).fill(given, response);
        return response;
      },
      request);
}

/// Calls `visit` with each array whose elements are topics with an array of partitions, and with a function that gives
/// that inner array of a topic.
template <class Body, class Visit>
void eachTopicArray(Body& body, Visit visit) {
  eachField(body, [&]<class Field>(std::string_view, Field& field) {
    if constexpr (IsVector<Field>::value && ArrayOf<Field>::kIsStructs) {
      using Topic = typename std::remove_const_t<Field>::value_type;
      Topic sample;
      eachField(sample, [&]<class Inner>(std::string_view innerName, Inner&) {
        if constexpr (IsVector<Inner>::value && ArrayOf<Inner>::kIsStructs) {
          if (!keysOf(typename Inner::value_type{}).partition) return;
          const auto partitionsOf = [innerName](auto& topic) {
            Inner* found = nullptr;
            eachField(topic, [&]<class Candidate>(std::string_view name, Candidate& candidate) {
              if constexpr (std::is_same_v<Candidate, Inner>)
                if (name == innerName) found = &candidate;
            });
            return found;
          };
          visit(field, partitionsOf);
        }
      });
    }
  });
}

template <class Message>
void merge(Message& whole, const Message& part) {
  eachTopicArray(whole, [&](auto& topics, auto partitionsOf) {
    Message copy = part;
    eachTopicArray(copy, [&](auto& added, auto) {
      if constexpr (std::is_same_v<decltype(added), decltype(topics)>) {
        for (auto& topic : added) {
          const auto same = std::find_if(topics.begin(), topics.end(),
                                         [&](const auto& other) { return keysOf(other) == keysOf(topic); });
          if (same == topics.end()) {
            topics.push_back(std::move(topic));
            continue;
          }
          auto& into = *partitionsOf(*same);
          for (auto& partition : *partitionsOf(topic)) into.push_back(std::move(partition));
        }
      }
    });
  });
}

}  // namespace

ResponseBody errorAnswer(const RequestBody& request, base::ErrorCode error) {
  return answer(request, error, Where::Everywhere);
}

ResponseBody partitionErrorAnswer(const RequestBody& request, base::ErrorCode error) {
  return answer(request, error, Where::PartitionsOnly);
}

bool hasPartitionErrors(ApiKey key) {
  bool inRequest = false, inResponse = false;
  withAlternative<RequestBody>(static_cast<int16_t>(key), [&]<class Request>(std::type_identity<Request>) {
    Request request;
    eachTopicArray(request, [&](auto&, auto) { inRequest = true; });
  });
  withAlternative<ResponseBody>(static_cast<int16_t>(key), [&]<class Response>(std::type_identity<Response>) {
    Response response;
    eachTopicArray(response, [&](auto&, auto) { inResponse = true; });
  });
  return inRequest && inResponse;
}

std::optional<RequestBody> takeOutPartition(RequestBody& request, const PartitionReference& reference) {
  bool isTaken = false;
  RequestBody taken = request;
  const auto keep = [&](RequestBody& body, bool wanted) {
    std::visit(
        [&](auto& message) {
          eachTopicArray(message, [&](auto& topics, auto partitionsOf) {
            for (auto& topic : topics) {
              const bool isTopic = keysOf(topic).isOfTopic(reference);
              std::erase_if(*partitionsOf(topic), [&](const auto& partition) {
                const bool isIt = isTopic && keysOf(partition).partition == reference.partition;
                isTaken |= isIt;
                return isIt != wanted;
              });
            }
            std::erase_if(topics, [&](auto& topic) { return partitionsOf(topic)->empty(); });
          });
        },
        body);
  };
  keep(taken, true);
  if (!isTaken) return std::nullopt;
  keep(request, false);
  return taken;
}

bool namesNoPartition(const RequestBody& request) {
  bool isEmpty = true;
  RequestBody copy = request;
  std::visit([&](auto& message) { eachTopicArray(message, [&](auto& topics, auto) { isEmpty &= topics.empty(); }); },
             copy);
  return isEmpty;
}

void mergeAnswer(ResponseBody& whole, const ResponseBody& part) {
  std::visit(
      [&]<class Message>(Message& message) {
        if (const auto* same = std::get_if<Message>(&part)) merge(message, *same);
      },
      whole);
}

bool replaceByError(ResponseBody& response, const PartitionReference& reference, base::ErrorCode error) {
  bool isReplaced = false;
  std::visit(
      [&](auto& message) {
        eachTopicArray(message, [&](auto& topics, auto partitionsOf) {
          for (auto& topic : topics) {
            if (!keysOf(topic).isOfTopic(reference)) continue;
            for (auto& partition : *partitionsOf(topic)) {
              const Keys keys = keysOf(partition);
              if (keys.partition != reference.partition) continue;
              partition = {};
              setKeys(partition, keys);
              Filler(error, Where::PartitionsOnly).fill(NamedThing{}, partition);
              isReplaced = true;
            }
          }
        });
      },
      response);
  return isReplaced;
}

}  // namespace streamscope::protocol
