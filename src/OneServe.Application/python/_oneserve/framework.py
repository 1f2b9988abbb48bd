"""The name and version of the application's framework, for the banner. Imports nothing."""
import os
import sys

# In the order of preference: one that builds on another comes first.
_FRAMEWORKS = (
    ('django', 'Django'), ('flask', 'Flask'), ('fastapi', 'FastAPI'), ('starlette', 'Starlette'), ('falcon', 'Falcon'),
    ('pyramid', 'Pyramid'), ('bottle', 'Bottle'), ('cherrypy', 'CherryPy'), ('tornado', 'Tornado'), ('aiohttp', 'aiohttp'),
    ('pecan', 'Pecan'), ('web2py', 'web2py'), ('tg', 'TurboGears'), ('werkzeug', 'Werkzeug'),
)


def framework(app):
    """`Django 3.2.25`, `Flask`, or None: by the application's own type, else by what has been imported."""
    own = (getattr(type(app), '__module__', None) or '').partition('.')[0]
    for module, title in sorted(_FRAMEWORKS, key=lambda entry: entry[0] != own):
        if module in sys.modules:
            version = _version(module)
            return '%s %s' % (title, version) if version else title
    return None


def _version(name):
    module = sys.modules[name]
    version = vars(module).get('__version__')           # not getattr: Flask's answers with a warning
    if isinstance(version, str):
        return version
    try:
        if name == 'django':
            return module.get_version()
        site = os.path.dirname(os.path.dirname(module.__file__))
        for entry in os.listdir(site):
            project, _, rest = entry.partition('-')
            if project.lower() == name and rest.endswith('.dist-info'):
                return rest[:-len('.dist-info')]
    except (AttributeError, OSError, TypeError):
        pass
    return None
