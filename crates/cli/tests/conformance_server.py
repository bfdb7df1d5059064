"""The fixture that the official conformance suite of MCP asks for, as an Emulant program: names and answers are the suite's."""

import json
from emulant.server import ProtocolError, Server

server = Server()
IMAGE = {'type': 'image', 'mimeType': 'image/png', 'data':
         'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC'}
AUDIO = {'type': 'audio', 'mimeType': 'audio/wav', 'data': 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA='}


def form(message, **properties):
    schema = {'type': 'object', 'properties': properties, 'required': list(properties)}
    return {'method': 'elicitation/create', 'params': {'message': message, 'requestedSchema': schema}}


def sampling(text, tokens):
    messages = [{'role': 'user', 'content': {'type': 'text', 'text': text}}]
    return {'method': 'sampling/createMessage', 'params': {'messages': messages, 'maxTokens': tokens}}


ROOTS = {'method': 'roots/list', 'params': {}}
TEXT = {'type': 'string'}


def accepted(answer, name):
    """The field of a form that was filled in; anything else is asked for again."""
    content = answer.get('content')
    return content.get(name) if isinstance(content, dict) else None


# ---- tools

@server.tool('Gives a text.')
def test_simple_text():
    return 'This is a simple text response for testing.'


@server.tool('Gives an image.')
def test_image_content():
    return IMAGE


@server.tool('Gives a sound.')
def test_audio_content():
    return AUDIO


@server.tool('Gives a resource.')
def test_embedded_resource():
    return {'type': 'resource', 'resource': {'uri': 'test://embedded-resource', 'mimeType': 'text/plain', 'text': 'This is an embedded resource content.'}}


@server.tool('Gives several kinds of content.')
def test_multiple_content_types():
    data = {'uri': 'test://mixed-content-resource', 'mimeType': 'application/json', 'text': json.dumps({'test': 'data', 'value': 123})}
    return ['Multiple content types test:', IMAGE, {'type': 'resource', 'resource': data}]


@server.tool('Logs three messages.')
def test_tool_with_logging():
    for message in ('Tool execution started', 'Tool processing data', 'Tool execution completed'):
        server.log(message, 'info', 'fixture')
    return 'done'


@server.tool('Logs one message, where the client wants to hear it.')
def test_logging_tool():
    server.log('a message')
    return 'done'


@server.tool('Always fails.')
def test_error_handling():
    raise ValueError('This tool intentionally returns an error for testing')


@server.tool('Tells how far it is.')
def test_tool_with_progress():
    for done in (0, 50, 100):
        server.progress(done, 100, f'{done} of 100')
    return 'done'


@server.tool('Asks the client\'s model.', {'type': 'object', 'properties': {'prompt': TEXT}, 'required': ['prompt']})
def test_sampling(prompt):
    answer = server.ask(answer=sampling(prompt, 100))['answer']
    return f"LLM response: {answer['content']['text']}"


@server.tool('Asks the client\'s person.', {'type': 'object', 'properties': {'message': TEXT}, 'required': ['message']})
def test_elicitation(message):
    described = {'username': {**TEXT, 'description': "User's response"}, 'email': {**TEXT, 'description': "User's email address"}}
    answer = server.ask(answer=form(message, **described))['answer']
    return f"User response: action={answer['action']}, content={json.dumps(answer.get('content'))}"


def completed(request):
    answer = server.ask(answer=request)['answer']
    return f"Elicitation completed: action={answer['action']}, content={json.dumps(answer.get('content'))}"


@server.tool('Asks with defaults.')
def test_elicitation_sep1034_defaults():
    request = form('Please confirm', name={'type': 'string', 'default': 'John Doe'}, age={'type': 'integer', 'default': 30},
                   score={'type': 'number', 'default': 95.5}, verified={'type': 'boolean', 'default': True},
                   status={'type': 'string', 'enum': ['active', 'inactive', 'pending'], 'default': 'active'})
    return completed(request)


@server.tool('Asks for choices.')
def test_elicitation_sep1330_enums():
    plain = ['option1', 'option2', 'option3']
    titled = [{'const': f'value{n}', 'title': f'{word} Option'} for n, word in ((1, 'First'), (2, 'Second'), (3, 'Third'))]
    request = form('Please choose', untitledSingle={'type': 'string', 'enum': plain}, titledSingle={'type': 'string', 'oneOf': titled},
                   legacyEnum={'type': 'string', 'enum': ['opt1', 'opt2', 'opt3'], 'enumNames': ['Option One', 'Option Two', 'Option Three']},
                   untitledMulti={'type': 'array', 'items': {'type': 'string', 'enum': plain}},
                   titledMulti={'type': 'array', 'items': {'anyOf': titled}})
    return completed(request)


@server.tool('Ends after a while.')
def test_reconnection():
    return 'done'


@server.tool('Needs what the client did not declare.')
def test_missing_capability():
    server.can('sampling')
    return 'done'


@server.tool('Asks in a stream.')
def test_streaming_elicitation():
    return server.ask(name=form('What is your name?', name=TEXT))['name'].get('action')


# ---- tools that end with a question

@server.tool('Asks for a name.')
def test_input_required_result_elicitation():
    request = form('What is your name?', name=TEXT)
    name = accepted(server.ask(user_name=request)['user_name'], 'name')
    if not isinstance(name, str):
        raise ProtocolError(-32602, 'the form is not filled in')
    return f'Hello, {name}!'


@server.tool('Asks a model.')
def test_input_required_result_sampling():
    answer = server.ask(capital_question=sampling('What is the capital of France?', 100))['capital_question']
    return answer['content']['text']


@server.tool('Asks for roots.')
def test_input_required_result_list_roots():
    roots = server.ask(client_roots=ROOTS)['client_roots']['roots']
    return f"{len(roots)} roots: {', '.join(root['uri'] for root in roots)}"


@server.tool('Keeps a state.')
def test_input_required_result_request_state():
    server.ask(confirm=form('Please confirm', ok={'type': 'boolean'}))
    return 'state-ok'


@server.tool('Keeps a state that nobody changes.')
def test_input_required_result_tampered_state():
    server.ask(confirm=form('Please confirm', ok={'type': 'boolean'}))
    return 'state-ok'


@server.tool('Asks three things at once.')
def test_input_required_result_multiple_inputs():
    answers = server.ask(user_name=form('What is your name?', name=TEXT), greeting=sampling('Generate a greeting', 50), client_roots=ROOTS)
    return f"{accepted(answers['user_name'], 'name')}: {len(answers)} answers"


@server.tool('Asks twice.')
def test_input_required_result_multi_round():
    first = server.ask(step1=form('Step 1: What is your name?', name=TEXT))['step1']
    second = server.ask(step2=form('Step 2: What is your favorite color?', color=TEXT))['step2']
    return f"{accepted(first, 'name')} likes {accepted(second, 'color')}"


@server.tool('Asks what the client can answer.')
def test_input_required_result_capabilities():
    requests = {'elicitation': form('What is your name?', name=TEXT), 'sampling': sampling('Say hello', 50)}
    answers = server.ask(**{name: request for name, request in requests.items() if name in server.capabilities})
    return f'{len(answers)} answers'


# ---- resources, prompts, completion

@server.resource('test://static-text', 'A text.')
def static_text():
    return 'This is the content of the static text resource.'


@server.resource('test://static-binary', 'An image.', 'image/png')
def static_binary():
    return {'blob': IMAGE['data']}


@server.resource('test://watched-resource', 'A text that may change.')
def watched():
    return 'as before'


@server.template('test://template/{id}/data', 'Data by id.', 'application/json')
def data(id):
    return json.dumps({'id': id, 'templateTest': True, 'data': f'Data for ID: {id}'})


@server.prompt('A prompt without arguments.')
def test_simple_prompt():
    return 'This is a simple prompt for testing.'


@server.prompt('A prompt with arguments.', ['arg1', 'arg2'])
def test_prompt_with_arguments(arg1, arg2):
    return f"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'"


@server.prompt('A prompt with a resource.', ['resourceUri'])
def test_prompt_with_embedded_resource(resourceUri):
    resource = {'uri': resourceUri, 'mimeType': 'text/plain', 'text': 'Embedded resource content for testing.'}
    return [{'type': 'resource', 'resource': resource}, 'Please process the embedded resource above.']


@server.prompt('A prompt with an image.')
def test_prompt_with_image():
    return [IMAGE, 'Please analyze the image above.']


@server.prompt('A prompt that asks first.')
def test_input_required_result_prompt():
    return f"In this context: {accepted(server.ask(user_context=form('What context should the prompt use?', context=TEXT))['user_context'], 'context')}"


@server.completion
def complete(reference, name, beginning):
    return [word for word in ('paris', 'park', 'party') if word.startswith(beginning)]


server.run()
