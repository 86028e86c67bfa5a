// Status codes (RFC 9110 section 15 and the IANA registry): the reason phrase
// for the status line and one sentence for the error page.

/** A status code's reason phrase, and one sentence that explains it. */
export type StatusText = readonly [phrase: string, explanation: string];

/**
 * The registered status codes, each with its reason phrase and an explanation
 * for the error page.
 */
export const RESPONSES: Readonly<Record<number, StatusText>> = {
  100: ["Continue", "The head was received; please send the body"],
  101: ["Switching Protocols", "The connection changes to another protocol"],
  102: ["Processing", "The request is being worked on"],
  103: ["Early Hints", "Fields that the final answer will probably hold"],
  200: ["OK", "The request was fulfilled"],
  201: ["Created", "A resource was created"],
  202: ["Accepted", "The request was accepted and is still being processed"],
  203: ["Non-Authoritative Information", "The content was changed on its way"],
  204: ["No Content", "The request was fulfilled and there is nothing to show"],
  205: ["Reset Content", "Please clear the form for another input"],
  206: ["Partial Content", "Only a part of the content follows"],
  207: ["Multi-Status", "The content holds a status for each member"],
  208: ["Already Reported", "This member was reported before"],
  226: ["IM Used", "The content is the result of instance manipulations"],
  300: ["Multiple Choices", "The resource has several representations"],
  301: ["Moved Permanently", "The resource has a new address for good"],
  302: ["Found", "The resource has another address for now"],
  303: ["See Other", "The answer is found at another address"],
  304: ["Not Modified", "The resource has not changed since it was fetched"],
  305: ["Use Proxy", "The resource is reached only through a proxy"],
  307: ["Temporary Redirect", "The resource has another address for now"],
  308: ["Permanent Redirect", "The resource has a new address for good"],
  400: ["Bad Request", "The request is malformed or lacks something"],
  401: ["Unauthorized", "This resource asks for credentials"],
  402: ["Payment Required", "This resource asks for a payment"],
  403: ["Forbidden", "The server refuses this request"],
  404: ["Not Found", "Nothing matches the given address"],
  405: ["Method Not Allowed", "This resource does not take this method"],
  406: ["Not Acceptable", "No representation fits the Accept fields"],
  407: ["Proxy Authentication Required", "The proxy asks for credentials"],
  408: ["Request Timeout", "The request took too long to arrive"],
  409: ["Conflict", "The request conflicts with the state of the resource"],
  410: ["Gone", "The resource was removed for good"],
  411: ["Length Required", "The request needs a Content-Length field"],
  412: ["Precondition Failed", "A condition in the request is not met"],
  413: ["Content Too Large", "The content is larger than the server takes"],
  414: ["URI Too Long", "The request target is longer than the server takes"],
  415: ["Unsupported Media Type", "The content is of a type not taken here"],
  416: ["Range Not Satisfiable", "None of the ranges lies in the content"],
  417: ["Expectation Failed", "The server cannot do what Expect asks"],
  418: ["I'm a teapot", "The server refuses to brew coffee in a teapot"],
  421: ["Misdirected Request", "The server does not answer for this authority"],
  422: [
    "Unprocessable Content",
    "The content is well-formed but makes no sense",
  ],
  423: ["Locked", "The resource is locked"],
  424: ["Failed Dependency", "A request that this one depends on has failed"],
  425: ["Too Early", "The request might be replayed and was not processed"],
  426: ["Upgrade Required", "The request needs another protocol"],
  428: ["Precondition Required", "The request must be conditional"],
  429: ["Too Many Requests", "Too many requests came in too short a time"],
  431: [
    "Request Header Fields Too Large",
    "The header fields are larger than the server takes",
  ],
  451: ["Unavailable For Legal Reasons", "The resource is withheld by law"],
  500: ["Internal Server Error", "The server failed to answer the request"],
  501: ["Not Implemented", "The server does not support this operation"],
  502: ["Bad Gateway", "The program behind the server gave an invalid answer"],
  503: ["Service Unavailable", "The server cannot take the request just now"],
  504: [
    "Gateway Timeout",
    "The program behind the server did not answer in time",
  ],
  505: ["HTTP Version Not Supported", "The server speaks HTTP/1.1"],
  506: ["Variant Also Negotiates", "The negotiation is set up in a circle"],
  507: ["Insufficient Storage", "There is no room to store the content"],
  508: ["Loop Detected", "The request runs in a circle"],
  511: ["Network Authentication Required", "The network asks for a log-in"],
};

/**
 * Tells whether an answer with this status never has content: 1xx, 204 and 304
 * (RFC 9112 section 6.3), and 205 (RFC 9110 section 15.3.6).
 */
export function forbidsContent(status: number): boolean {
  return status < 200 || status === 204 || status === 205 || status === 304;
}
