"""openapi.py - a description of OpenAPI 3.0 as tests use it: its operations with their examples, and whether a value is what a
schema says. Stricter than the standard: a field that no schema describes is a fault (unless additionalProperties says more)."""
import json
import re
import subprocess

METHODS = ("get", "post", "put", "delete")
FORMATS = {
    "date-time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"),
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "uuid": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}


class Operation:
    def __init__(self, book, path, method, shared, op):
        self.book, self.path, self.method, self.op = book, path, method.upper(), op
        self.name, self.tag = f"{self.method} {path}", op["tags"][0]
        self.open = op.get("security") == []
        self.params = [book.resolve(p) for p in shared + op.get("parameters", [])]

    def targets(self):
        """The addresses that are shown; a path without holes is one by itself, where none is."""
        return self.op.get("x-examples") or ([] if "{" in self.path else [self.path])

    def bodies(self):
        """{name: (content type, body)}; an operation that takes none has {"": None}."""
        found = {}
        for kind, media in self.op.get("requestBody", {}).get("content", {}).items():
            for name, body in examples(media).items():
                found[name] = (kind, body)
        needed = self.op.get("requestBody", {}).get("required")
        return found or ({} if needed else {"": None})

    def answer(self, status):
        said = self.op["responses"].get(str(status))
        return None if said is None else self.book.resolve(said)

    def check_query(self, query):
        """Faults of a query string (pairs) against the parameters."""
        known = {p["name"]: p for p in self.params if p["in"] == "query"}
        bad = [f"parameter {name} is not described" for name, _ in query if name not in known]
        bad += [f"parameter {n} is missing" for n, p in known.items() if p.get("required") and n not in dict(query)]
        for name, text in query:
            schema = known.get(name, {}).get("schema", {})
            if "enum" in schema and text not in schema["enum"]:
                bad.append(f"parameter {name} is none of {schema['enum']}")
        return bad


def examples(media):
    if "example" in media:
        return {"": media["example"]}
    return {name: e["value"] for name, e in media.get("examples", {}).items()}


class Book:
    def __init__(self, yamljson, path):
        self.data = json.loads(subprocess.run([yamljson, path], check=True, capture_output=True, text=True).stdout)

    def resolve(self, part):
        while "$ref" in part:
            at = self.data
            for step in part["$ref"].removeprefix("#/").split("/"):
                at = at[step]
            part = at
        return part

    def operations(self):
        return [Operation(self, path, m, item.get("parameters", []), item[m])
                for path, item in self.data["paths"].items() for m in METHODS if m in item]

    def faults(self, schema, value, at="$"):
        """What is wrong with a value; [] where it is as described."""
        schema = self.resolve(schema)
        if value is None:
            return [] if self.nullable(schema) else [f"{at} is null"]
        if "oneOf" in schema:
            tries = [self.faults(s, value, at) for s in schema["oneOf"]]
            return [] if [] in tries else min(tries, key=len)
        if "allOf" in schema:
            return self.object_faults(self.merged(schema), value, at)
        kind = schema.get("type")
        if kind is None:
            return []
        if not isinstance(value, TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
            return [f"{at} is no {kind}: {json.dumps(value)[:60]}"]
        if kind == "object":
            return self.object_faults(schema, value, at)
        if kind == "array":
            return self.array_faults(schema, value, at)
        return self.plain_faults(schema, value, at)

    def nullable(self, schema):
        return schema.get("nullable") or not (schema.keys() & {"type", "allOf", "oneOf"}) or any(
            self.nullable(self.resolve(s)) for s in schema.get("oneOf", []))

    def merged(self, schema):
        schema = self.resolve(schema)
        parts = [self.merged(s) for s in schema.get("allOf", [])]
        whole = {"properties": dict(schema.get("properties", {})), "required": list(schema.get("required", []))}
        for part in parts + [schema]:
            whole["properties"].update(part.get("properties", {}))
            whole["required"] += part.get("required", [])
            if "additionalProperties" in part:
                whole["additionalProperties"] = part["additionalProperties"]
        return whole

    def object_faults(self, schema, value, at):
        if not isinstance(value, dict):
            return [f"{at} is no object"]
        known, others = schema.get("properties", {}), schema.get("additionalProperties", False)
        bad = [f"{at}.{name} is missing" for name in schema.get("required", []) if name not in value]
        for name, part in value.items():
            if name in known:
                bad += self.faults(known[name], part, f"{at}.{name}")
            elif isinstance(others, dict):
                bad += self.faults(others, part, f"{at}.{name}")
            elif not others:
                bad.append(f"{at}.{name} is not described")
        return bad

    def array_faults(self, schema, value, at):
        bad = []
        if len(value) < schema.get("minItems", 0) or len(value) > schema.get("maxItems", len(value)):
            bad.append(f"{at} has {len(value)} parts")
        if value and "items" not in schema:
            bad.append(f"{at}: its parts are not described")
        for i, part in enumerate(value):
            bad += self.faults(schema.get("items", {}), part, f"{at}[{i}]")
        return bad

    @staticmethod
    def plain_faults(schema, value, at):
        if "enum" in schema and value not in schema["enum"]:
            return [f"{at} is none of its enum: {value!r}"]
        if isinstance(value, str):
            form = FORMATS.get(schema.get("format"))
            if form and not form.fullmatch(value):
                return [f"{at} is no {schema['format']}: {value!r}"]
            return [f"{at} is too long"] if len(value) > schema.get("maxLength", len(value)) else []
        if not isinstance(value, bool) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
            return [f"{at} is out of bounds: {value}"]
        return []
